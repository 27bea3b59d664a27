/**
 * `picloud diff`: what deploying a folder would change. Changes nothing.
 *
 * @module
 */
import type { Command } from 'commander'
import { readAppFolder } from '../app-folder/app-folder.ts'
import { EXIT } from '../exit-code.ts'
import { shownDiff } from '../terminal/shown-diff.ts'
import {
  type CommandContext,
  connect,
  type ServerOptions,
  withServerOptions,
} from './command-context.ts'
import { appOf, planOf } from './deploy-folder.ts'
import { withExamples } from './examples.ts'
import { changeLine } from './manifest-changes.ts'

interface DiffOptions extends ServerOptions {
  readonly app?: string
  readonly exitCode?: true
}

export function addDiffCommand(program: Command, context: CommandContext): void {
  const { terminal } = context
  withExamples(withServerOptions(program.command('diff')), 'picloud diff shop/')
    .description('show what deploying a folder would change')
    .argument('<folder>', 'a folder with a picloud.toml')
    .option('--app <app>', 'slug or id of the app (default: of the folder)')
    .option('--exit-code', 'end with 1 where there is a difference')
    .action(async (path: string, options: DiffOptions) => {
      const folder = await readAppFolder(path)
      const app = appOf(folder, options.app)
      const planned = await planOf(connect(context, options), folder, app)
      const { changes } = planned
      if (options.exitCode && changes.length > 0) context.finishWith(EXIT.failed)
      if (options.json) return terminal.resultJson(planned)
      if (changes.length === 0) {
        terminal.progress(`No difference: the app ${app} is as ${folder.manifestPath} says.`)
      }
      for (const change of changes) {
        terminal.result(changeLine(change, (style, text) => terminal.styleResult(style, text)))
        if (change.diff === null || change.diff.unified === '') continue
        terminal.result(shownDiff(terminal, change.diff.unified))
        if (!change.diff.is_complete) terminal.progress('  (there is more)')
      }
    })
}
