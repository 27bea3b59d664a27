/**
 * `picloud scripts`: versions, diff, activate, rollback.
 *
 * @module
 */
import type { Script } from '@picloud/shared'
import type { Command } from 'commander'
import { shownDiff } from '../terminal/shown-diff.ts'
import { shownTime, showTable } from '../terminal/table.ts'
import type { Terminal } from '../terminal/terminal.ts'
import { type AppOptions, type CommandContext, connect } from './command-context.ts'
import { withExamples } from './examples.ts'
import { findScript } from './find-script.ts'
import { isBehind, noteImporters } from './importers-note.ts'
import { warnOfMore } from './listing.ts'
import { warnOfMissingServices } from './missing-services.ts'
import { numberArgument } from './number-argument.ts'

/** Of a hash: enough to tell the versions of one script apart. */
const HASH_DIGITS = 12

/** @param verb makes a command of `picloud scripts` with the options all of them have */
export function addScriptVersionVerbs(
  verb: (name: string) => Command,
  context: CommandContext,
): void {
  const { terminal } = context

  withExamples(verb('versions'), 'picloud scripts versions guestbook')
    .description('list the versions of a script, newest first')
    .argument('<script>', 'name or id')
    .action(async (reference: string, options: AppOptions) => {
      const api = connect(context, options)
      const { id } = await findScript(api, options.app, reference)
      const list = await api.list('listScriptVersions', { path: { script_id: id } })
      if (options.json) return terminal.resultJson(list)
      showTable(terminal, {
        header: ['VERSION', 'STATE', 'SAVED', 'BY', 'BYTES', 'SHA-256', 'MESSAGE'],
        rows: list.items.map((version) => [
          String(version.version),
          version.is_active ? 'active' : '',
          shownTime(version.created_at),
          version.saved_by ?? '',
          String(version.bytes),
          version.sha256.slice(0, HASH_DIGITS),
          version.message ?? '',
        ]),
        none: 'It has no versions.',
      })
      warnOfMore(terminal, list)
    })

  withExamples(
    verb('diff'),
    'picloud scripts diff guestbook        # what the newest version changed',
    'picloud scripts diff guestbook 3 7',
  )
    .description('show the lines by which two versions differ')
    .argument('<script>', 'name or id')
    .argument('[from]', 'a version (default: the one before the other)', numberArgument)
    .argument('[to]', 'a version (default: the newest)', numberArgument)
    .action(
      async (
        reference: string,
        from: number | undefined,
        to: number | undefined,
        options: AppOptions,
      ) => {
        const api = connect(context, options)
        const { id } = await findScript(api, options.app, reference)
        const diff = await api.call('diffScriptVersions', {
          path: { script_id: id },
          query: { from, to },
        })
        if (options.json) return terminal.resultJson(diff)
        if (diff.unified === '') {
          terminal.progress(`Versions ${diff.from} and ${diff.to} are equal.`)
        } else {
          terminal.result(shownDiff(terminal, diff.unified))
        }
      },
    )

  withExamples(
    verb('activate'),
    'picloud scripts activate guestbook 3',
    'picloud scripts activate guestbook      # import what is active now',
  )
    .description('make a version the one that runs, importing what is active now')
    .argument('<script>', 'name or id')
    .argument('[version]', 'its number (default: the active one)', numberArgument)
    .action(async (reference: string, number: number | undefined, options: AppOptions) => {
      const api = connect(context, options)
      const { id, revision, version } = await findScript(api, options.app, reference)
      const script = await api.call('activateScriptVersion', {
        path: { script_id: id, version: String(number ?? version) },
        ifRevision: revision,
      })
      showActive(terminal, script, options)
      if (!options.json) await noteImporters(terminal, api, script)
    })

  withExamples(verb('imports'), 'picloud scripts imports guestbook')
    .description('show which versions of other scripts it imports, and who imports it')
    .argument('<script>', 'name or id')
    .action(async (reference: string, options: AppOptions) => {
      const api = connect(context, options)
      const { id, name } = await findScript(api, options.app, reference)
      const found = await api.call('getScriptImports', { path: { script_id: id } })
      if (options.json) return terminal.resultJson(found)
      showTable(terminal, {
        header: ['IMPORTS', 'VERSION', 'ACTIVE'],
        rows: found.imports.map((each) => [
          each.name,
          String(each.version),
          String(each.active_version),
        ]),
        none: 'It imports nothing.',
      })
      if (found.imports.some(isBehind)) {
        terminal.progress(`To import what is active now: picloud scripts activate ${name}`)
      }
      if (found.imported_by.length === 0) return
      showTable(terminal, {
        header: ['IMPORTED BY', 'VERSION'],
        rows: found.imported_by.map((each) => [each.name, String(each.version)]),
        none: '',
      })
    })

  withExamples(
    verb('rollback'),
    'picloud scripts rollback guestbook',
    'picloud scripts rollback guestbook 3',
  )
    .description('return to the version that ran before')
    .argument('<script>', 'name or id')
    .argument('[version]', 'to one that ran earlier', numberArgument)
    .action(async (reference: string, number: number | undefined, options: AppOptions) => {
      const api = connect(context, options)
      const { id, revision } = await findScript(api, options.app, reference)
      const script = await api.call('rollBackScript', {
        path: { script_id: id },
        body: { version: number },
        ifRevision: revision,
      })
      showActive(terminal, script, options)
      if (!options.json) await noteImporters(terminal, api, script)
    })
}

function showActive(terminal: Terminal, script: Script, options: AppOptions): void {
  if (options.json) terminal.resultJson(script)
  else {
    terminal.progress(`Version ${script.version} of ${script.name} is active.`)
    warnOfMissingServices(terminal, script)
  }
}
