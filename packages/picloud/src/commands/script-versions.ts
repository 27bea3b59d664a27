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
import { warnOfMore } from './listing.ts'
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

  withExamples(verb('activate'), 'picloud scripts activate guestbook 3')
    .description('make a version the one that runs')
    .argument('<script>', 'name or id')
    .argument('<version>', 'its number', numberArgument)
    .action(async (reference: string, number: number, options: AppOptions) => {
      const api = connect(context, options)
      const { id, revision } = await findScript(api, options.app, reference)
      const script = await api.call('activateScriptVersion', {
        path: { script_id: id, version: String(number) },
        ifRevision: revision,
      })
      showActive(terminal, script, options)
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
    })
}

function showActive(terminal: Terminal, script: Script, options: AppOptions): void {
  if (options.json) terminal.resultJson(script)
  else terminal.progress(`Version ${script.version} of ${script.name} is active.`)
}
