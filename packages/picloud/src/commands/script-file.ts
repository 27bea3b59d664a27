/**
 * Reads script files, and shows where the server or the engine found a fault in one.
 *
 * @module
 */
import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { scriptNameSchema } from '@picloud/shared'
import { ApiError } from '../client/api-error.ts'
import { CliError, UsageError } from '../errors.ts'
import { EXIT } from '../exit-code.ts'
import { sourceExcerpt } from '../terminal/source-excerpt.ts'

export interface ScriptFile {
  /** As it was given, for messages. */
  readonly path: string
  readonly source: string
}

/** A script that does not compile or that failed, with the place in its file. */
export class ScriptFaultError extends CliError {
  /** The line with a caret, or an empty text. */
  readonly excerpt: string

  constructor(
    fault: {
      readonly code: string
      readonly status: number
      readonly text: string
      readonly details: object
    },
    place: { readonly file: ScriptFile; readonly line: number; readonly column: number },
  ) {
    const { file, line, column } = place
    const position = line > 0 ? `:${line}${column > 0 ? `:${column}` : ''}` : ''
    super({
      code: fault.code,
      message: `${file.path}${position}: ${fault.text}`,
      exitCode: EXIT.failed,
      status: fault.status,
      details: { ...fault.details, line, column },
    })
    this.excerpt = sourceExcerpt(file.source, line, column)
  }
}

/** @throws UsageError when the file cannot be read or is no UTF-8 text. */
export async function readScriptFile(path: string): Promise<ScriptFile> {
  const bytes = await readGivenFile(path)
  try {
    return { path, source: new TextDecoder('utf-8', { fatal: true }).decode(bytes) }
  } catch {
    throw new UsageError(`${path} is not UTF-8 text.`)
  }
}

/** @throws UsageError in one line, with the reason. */
export async function readGivenFile(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path)
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    const reasons: Readonly<Record<string, string>> = {
      ENOENT: 'there is no such file',
      EISDIR: 'it is a directory',
      EACCES: 'this user may not read it',
    }
    const reason = reasons[String(code)] ?? (error instanceof Error ? error.message : 'unknown')
    throw new UsageError(`Cannot read ${path}: ${reason}.`)
  }
}

/**
 * The name a script gets from its file: `guestbook` from `scripts/guestbook.rhai`.
 *
 * @throws UsageError when that is no name a script can have.
 */
export function scriptNameOf(path: string): string {
  const name = basename(path).replace(/\.rhai$/, '')
  const parsed = scriptNameSchema.safeParse(name)
  if (parsed.success) return parsed.data
  const rule = parsed.error.issues.at(-1)?.message ?? ''
  throw new UsageError(
    `${JSON.stringify(name)} cannot be a script's name; give one with --name. ${rule}`,
  )
}

/** Runs a call that sends a file's source, and turns a compile error into one with its place. */
export async function withSourcePlaces<T>(file: ScriptFile, call: () => Promise<T>): Promise<T> {
  try {
    return await call()
  } catch (error) {
    if (!(error instanceof ApiError) || error.code !== 'PIC_SCRIPT_COMPILE') throw error
    const { compile_message: text } = error.problem
    throw new ScriptFaultError(
      {
        code: error.code,
        status: error.status,
        text: typeof text === 'string' ? text : error.message,
        details: error.problem,
      },
      { file, line: error.number('line'), column: error.number('column') },
    )
  }
}
