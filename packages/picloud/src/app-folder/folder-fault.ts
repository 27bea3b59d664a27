/**
 * Says of what the server refuses in which file of a folder it stands.
 *
 * @module
 */
import { ApiError } from '../client/api-error.ts'
import { CliError } from '../errors.ts'
import { sourceExcerpt } from '../terminal/source-excerpt.ts'
import type { AppFolder } from './app-folder.ts'
import { placeInFile } from './place-in-file.ts'

/** One line for each thing that is wrong, with the line of the script under it. */
class FolderFaultError extends CliError {
  constructor(error: ApiError, lines: readonly string[]) {
    const { code, exitCode, status, problem } = error
    super({ code, exitCode, status, message: lines.join('\n'), details: problem })
  }
}

/** Runs a call that sends a folder's manifest, which stands at `base` in what is sent. */
export async function withFolderPlaces<T>(
  folder: AppFolder,
  call: () => Promise<T>,
  base = '',
): Promise<T> {
  try {
    return await call()
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    const faults = faultsOf(error).filter(({ pointer }) => pointer.startsWith(`${base}/`))
    if (faults.length === 0) throw error
    const lines = faults.flatMap((fault) =>
      linesOf(folder, { ...fault, pointer: fault.pointer.slice(base.length) }),
    )
    // What the whole is about, where the lines say only where.
    const head = error.code === 'PIC_MANIFEST_INVALID' ? [] : [error.message]
    throw new FolderFaultError(error, [...head, ...lines])
  }
}

interface Fault {
  readonly pointer: string
  readonly message: string
  readonly line: number
  readonly column: number
}

function faultsOf(error: ApiError): readonly Fault[] {
  const { problems } = error.problem
  const told = Array.isArray(problems) ? problems : (error.problem.errors ?? [])
  return told.map((each: Partial<Fault>) => ({
    pointer: String(each.pointer ?? ''),
    message: String(each.message ?? ''),
    line: Number(each.line ?? 0),
    column: Number(each.column ?? 0),
  }))
}

function linesOf(folder: AppFolder, fault: Fault): readonly string[] {
  const keys = fault.pointer.split('/').slice(1)
  const [list, item] = keys
  const file = list === 'scripts' ? folder.files[Number(item)] : undefined
  if (file === undefined) {
    return [`${folder.manifestPath}: ${placeInFile(keys)}: ${fault.message}`]
  }
  const { line, column } = fault
  if (line === 0) return [`${file.path}: ${fault.message}`]
  const message = fault.message.replace(/ \(line \d+, position \d+\)$/, '')
  const excerpt = sourceExcerpt(file.source, line, column)
  return [
    `${file.path}:${line}:${column}: ${message}`,
    ...(excerpt === '' ? [] : excerpt.split('\n')),
  ]
}
