/**
 * `picloud pull`: writes an app into a folder, the inverse of deploying one.
 *
 * @module
 */
import type { Command } from 'commander'
import { replaceAppFolder, writeAppFolder } from '../app-folder/app-folder.ts'
import {
  type CommandContext,
  connect,
  type ServerOptions,
  withServerOptions,
} from './command-context.ts'
import { withExamples } from './examples.ts'

interface PullOptions extends ServerOptions {
  readonly force?: true
}

export function addPullCommand(program: Command, context: CommandContext): void {
  const { terminal } = context
  withExamples(withServerOptions(program.command('pull')), 'picloud pull shop shop/')
    .description('write an app into a folder, as deploy reads it')
    .argument('<app>', 'slug or id')
    .argument('<folder>', 'made if it is not there')
    .option('--force', 'replace the app that is in the folder')
    .action(async (reference: string, path: string, options: PullOptions) => {
      const api = connect(context, options)
      // Slug and manifest of one moment.
      const file = await api.call('exportApp', { path: { app: reference } })
      await (options.force ? replaceAppFolder(path, file) : writeAppFolder(path, file))
      if (options.json) return terminal.resultJson(file.manifest)
      terminal.progress(`Wrote the app ${file.slug} to ${path}.`)
    })
}
