/**
 * `picloud scripts`: list, get, create, update, delete. `picloud deploy` does the usual in one go.
 *
 * @module
 */
import type { Command } from 'commander'
import { printableText } from '../terminal/printable.ts'
import { shownTime, showTable } from '../terminal/table.ts'
import {
  type CommandContext,
  connect,
  forceQuery,
  type ServerOptions,
  withServerOptions,
} from './command-context.ts'
import { findScript } from './find-script.ts'
import { warnOfMore } from './listing.ts'
import { readScriptFile, scriptNameOf, withSourcePlaces } from './script-file.ts'

interface ScriptOptions extends ServerOptions {
  readonly app: string
}

export function addScriptsCommand(program: Command, context: CommandContext): void {
  const { terminal } = context
  const scripts = program.command('scripts').helpCommand(false).description('the scripts of an app')
  const verb = (name: string) =>
    withServerOptions(scripts.command(name)).option('--app <app>', 'slug or id', 'default')

  verb('list')
    .description('list the scripts of an app')
    .action(async (options: ScriptOptions) => {
      const list = await connect(context, options).list('listScripts', {
        query: { app: options.app },
      })
      if (options.json) return terminal.resultJson(list)
      showTable(terminal, {
        header: ['NAME', 'VERSION', 'SAVED', 'ID'],
        rows: list.items.map((script) => [
          script.name,
          String(script.version),
          shownTime(script.updated_at),
          script.id,
        ]),
        none: `The app ${options.app} has no scripts. Bring one: picloud deploy FILE --route PATH`,
      })
      warnOfMore(terminal, list)
    })

  verb('get')
    .description("print a script's source")
    .argument('<script>', 'name or id')
    .action(async (reference: string, options: ScriptOptions) => {
      const api = connect(context, options)
      const { id } = await findScript(api, options.app, reference)
      const script = await api.call('getScript', { path: { script_id: id } })
      if (options.json) return terminal.resultJson(script)
      terminal.progress(`${script.name}, version ${script.version}`)
      terminal.result(terminal.resultsAreRead ? printableText(script.source) : script.source)
    })

  verb('create')
    .description('store a new script, without a route')
    .argument('<file>', 'the script, for example guestbook.rhai')
    .option('--name <name>', 'its name (default: that of the file)')
    .action(async (path: string, options: ScriptOptions & { readonly name?: string }) => {
      const name = options.name ?? scriptNameOf(path)
      const file = await readScriptFile(path)
      const api = connect(context, options)
      const app = await api.call('getApp', { path: { app: options.app } })
      const { source } = file
      const script = await withSourcePlaces(file, () =>
        api.call('createScript', { body: { app_id: app.id, name, source } }),
      )
      if (options.json) return terminal.resultJson(script)
      terminal.progress(`Created the script ${script.name}.`)
      terminal.result(script.id)
    })

  verb('update')
    .description('save a new version of a script')
    .argument('<script>', 'name or id')
    .argument('<file>', 'the new source')
    .action(async (reference: string, path: string, options: ScriptOptions) => {
      const file = await readScriptFile(path)
      const api = connect(context, options)
      const { id } = await findScript(api, options.app, reference)
      const script = await withSourcePlaces(file, () =>
        api.call('saveScript', { path: { script_id: id }, body: { source: file.source } }),
      )
      if (options.json) return terminal.resultJson(script)
      terminal.progress(`${script.name} is at version ${script.version}.`)
      terminal.result(script.id)
    })

  verb('delete')
    .description('delete a script')
    .argument('<script>', 'name or id')
    .option('--force', 'even if routes use it: they go with it')
    .action(async (reference: string, options: ScriptOptions & { readonly force?: true }) => {
      const api = connect(context, options)
      const script = await findScript(api, options.app, reference)
      await api.call('deleteScript', {
        path: { script_id: script.id },
        query: forceQuery(options),
      })
      if (!options.json) terminal.progress(`Deleted the script ${script.name}.`)
    })
}
