/**
 * `picloud scripts`: list, show, create, save, rename, delete; versions are in
 * `script-versions.ts`. `picloud deploy` does the usual in one go.
 *
 * @module
 */
import type { Command } from 'commander'
import { printableText } from '../terminal/printable.ts'
import { shownTime, showTable } from '../terminal/table.ts'
import {
  type AppOptions,
  type CommandContext,
  connect,
  forceQuery,
  withServerOptions,
} from './command-context.ts'
import { withExamples } from './examples.ts'
import { findScript } from './find-script.ts'
import { noteImporters } from './importers-note.ts'
import { warnOfMore } from './listing.ts'
import { warnOfMissingServices } from './missing-services.ts'
import { numberArgument } from './number-argument.ts'
import { readScriptFile, scriptNameOf, withSourcePlaces } from './script-file.ts'
import { addScriptVersionVerbs } from './script-versions.ts'

interface ForceOptions extends AppOptions {
  readonly force?: true
}

interface SaveOptions extends AppOptions {
  readonly message?: string
  readonly activate: boolean
  readonly revision?: number
}

export function addScriptsCommand(program: Command, context: CommandContext): void {
  const { terminal } = context
  const scripts = program.command('scripts').helpCommand(false).description('the scripts of an app')
  const verb = (name: string) =>
    withServerOptions(scripts.command(name)).option('--app <app>', 'slug or id', 'default')

  withExamples(verb('list'), 'picloud scripts list --app shop')
    .description('list the scripts of an app')
    .action(async (options: AppOptions) => {
      const list = await connect(context, options).list('listScripts', {
        query: { app: options.app },
      })
      if (options.json) return terminal.resultJson(list)
      showTable(terminal, {
        header: ['NAME', 'VERSION', 'NEWEST', 'SAVED', 'SERVICES', 'ID'],
        rows: list.items.map((script) => [
          script.name,
          String(script.version),
          String(script.latest_version),
          shownTime(script.updated_at),
          script.services.join(',') || '-',
          script.id,
        ]),
        none: `The app ${options.app} has no scripts. Bring one: picloud deploy FILE --route PATH`,
      })
      warnOfMore(terminal, list)
    })

  withExamples(
    verb('show').alias('get'),
    'picloud scripts show guestbook > guestbook.rhai',
    'picloud scripts show guestbook 3 --json',
  )
    .description("print a script's source")
    .argument('<script>', 'name or id')
    .argument('[version]', 'any of its versions (default: the active one)', numberArgument)
    .action(async (reference: string, number: number | undefined, options: AppOptions) => {
      const api = connect(context, options)
      const { id, name } = await findScript(api, options.app, reference)
      const shown =
        number === undefined
          ? await api.call('getScript', { path: { script_id: id } })
          : await api.call('getScriptVersion', {
              path: { script_id: id, version: String(number) },
            })
      if (options.json) return terminal.resultJson(shown)
      terminal.progress(`${name}, version ${shown.version}`)
      terminal.result(terminal.resultsAreRead ? printableText(shown.source) : shown.source)
    })

  withExamples(verb('create'), 'picloud scripts create guestbook.rhai --app shop')
    .description('store a new script, without a route')
    .argument('<file>', 'the script, for example guestbook.rhai')
    .option('--name <name>', 'its name (default: that of the file)')
    .option('--message <text>', 'what there is to say about this version')
    .action(
      async (
        path: string,
        options: AppOptions & { readonly name?: string; readonly message?: string },
      ) => {
        const { message } = options
        const name = options.name ?? scriptNameOf(path)
        const file = await readScriptFile(path)
        const api = connect(context, options)
        const app = await api.call('getApp', { path: { app: options.app } })
        const { source } = file
        const script = await withSourcePlaces(file, () =>
          api.call('createScript', {
            body: { app_id: app.id, name, source, message },
          }),
        )
        if (options.json) return terminal.resultJson(script)
        terminal.progress(`Created the script ${script.name}.`)
        warnOfMissingServices(terminal, script)
        terminal.result(script.id)
      },
    )

  withExamples(
    verb('save').alias('update'),
    'picloud scripts save guestbook guestbook.rhai --message "greet politely"',
    'picloud scripts save guestbook guestbook.rhai --no-activate',
  )
    .description('save a new version of a script')
    .argument('<script>', 'name or id')
    .argument('<file>', 'the new source')
    .option('--no-activate', 'store it, and leave the active version active')
    .option('--message <text>', 'what there is to say about this version')
    .option('--revision <number>', 'refuse if it is no more at this revision', numberArgument)
    .action(async (reference: string, path: string, options: SaveOptions) => {
      const { activate, message, revision } = options
      const file = await readScriptFile(path)
      const api = connect(context, options)
      const { id } = await findScript(api, options.app, reference)
      const body = { source: file.source, activate, message }
      const script = await withSourcePlaces(file, () =>
        api.call('saveScript', { path: { script_id: id }, body, ifRevision: revision }),
      )
      if (options.json) return terminal.resultJson(script)
      const { saved } = script
      terminal.progress(
        saved.is_new
          ? `Saved version ${saved.version} of ${script.name}.`
          : `${script.name} is unchanged: version ${saved.version} has this source.`,
      )
      terminal.progress(`Version ${script.version} is active.`)
      warnOfMissingServices(terminal, script)
      if (activate) await noteImporters(terminal, api, script)
      terminal.result(script.id)
    })

  withExamples(verb('rename'), 'picloud scripts rename guestbook visitors')
    .description('give a script another name')
    .argument('<script>', 'name or id')
    .argument('<name>', 'its new name')
    .option('--force', 'even if other scripts import it by the old one')
    .action(async (reference: string, name: string, options: ForceOptions) => {
      const api = connect(context, options)
      const { id, revision, name: former } = await findScript(api, options.app, reference)
      const script = await api.call('renameScript', {
        path: { script_id: id },
        query: forceQuery(options),
        body: { name },
        ifRevision: revision,
      })
      if (options.json) return terminal.resultJson(script)
      terminal.progress(`${former} is now ${script.name}.`)
    })

  addScriptVersionVerbs(verb, context)

  withExamples(verb('delete'), 'picloud scripts delete guestbook --force')
    .description('delete a script')
    .argument('<script>', 'name or id')
    .option('--force', 'even if it is used: routes to it go with it, scripts that import it fail')
    .action(async (reference: string, options: ForceOptions) => {
      const api = connect(context, options)
      const script = await findScript(api, options.app, reference)
      await api.call('deleteScript', {
        path: { script_id: script.id },
        query: forceQuery(options),
        ifRevision: script.revision,
      })
      if (!options.json) terminal.progress(`Deleted the script ${script.name}.`)
    })
}
