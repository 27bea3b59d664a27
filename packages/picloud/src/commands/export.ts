/**
 * `picloud export` and `picloud import`: an app as one file.
 *
 * @module
 */
import { writeFile } from 'node:fs/promises'
import { type AppExport, appExportSchema } from '@picloud/shared'
import type { Command } from 'commander'
import { APPLY_DEADLINE_MS } from '../client/limits.ts'
import { UsageError } from '../errors.ts'
import {
  type CommandContext,
  connect,
  type ServerOptions,
  withServerOptions,
} from './command-context.ts'
import { withExamples } from './examples.ts'
import { readScriptFile } from './script-file.ts'

interface ExportOptions extends ServerOptions {
  readonly output?: string
}

interface ImportOptions extends ServerOptions {
  readonly as?: string
  readonly withoutDomains?: true
  readonly force?: true
}

export function addExportCommand(program: Command, context: CommandContext): void {
  const { terminal } = context
  withExamples(withServerOptions(program.command('export')), 'picloud export shop -o shop.json')
    .description('write an app into one file, without secrets, records and former versions')
    .argument('<app>', 'slug or id')
    .option('-o, --output <path>', 'the file (default: stdout)')
    .action(async (reference: string, options: ExportOptions) => {
      const file = await connect(context, options).call('exportApp', { path: { app: reference } })
      if (options.output === undefined) return terminal.resultJson(file)
      await writeFile(options.output, `${JSON.stringify(file, null, 2)}\n`)
      if (options.json) return terminal.resultJson(file)
      terminal.progress(`Wrote the app ${file.slug} to ${options.output}.`)
    })
}

export function addImportCommand(program: Command, context: CommandContext): void {
  const { terminal } = context
  withExamples(
    withServerOptions(program.command('import')),
    'picloud import shop.json',
    'picloud import shop.json --as shop-test --without-domains',
  )
    .description('make a new app of a file that export wrote')
    .argument('<file>', 'what export wrote')
    .option('--as <slug>', 'its slug (default: the one in the file)')
    .option('--without-domains', 'claim nothing, as another app may have the domains')
    .option('--force', 'even if the slug leads to another app, which had it before')
    .action(async (path: string, options: ImportOptions) => {
      const file = readExport(path, (await readScriptFile(path)).source)
      const { as: slug, withoutDomains: without_domains, force } = options
      const made = await connect(context, options).call('importApp', {
        body: { file, slug, without_domains, force },
        deadlineMs: APPLY_DEADLINE_MS,
      })
      if (options.json) return terminal.resultJson(made)
      terminal.progress(`Created the app ${made.app.slug}.`)
      terminal.result(made.app.id)
    })
}

function readExport(path: string, text: string): AppExport {
  const parsed = appExportSchema.safeParse(jsonOf(text))
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  const place = issue?.path.join('.') ?? ''
  throw new UsageError(
    `${path} is no app as this picloud export writes it: ` +
      `${place === '' ? '' : `${place}: `}${issue?.message ?? ''}`,
  )
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // No object: the form is told to be wrong.
    return undefined
  }
}
