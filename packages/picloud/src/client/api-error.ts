/**
 * An error the server answered, with the server's own code and words.
 *
 * @module
 */
import type { Problem } from '@picloud/shared'
import { CliError } from '../errors.ts'
import { EXIT, type ExitCode, exitCodeOfStatus } from '../exit-code.ts'

/** What the server refuses with these was written on the command line. */
const USAGE_CODES: readonly string[] = [
  'PIC_QUERY_INVALID',
  'PIC_REQUEST_INVALID',
  'PIC_HOST_PATTERN_INVALID',
  'PIC_PATH_PATTERN_INVALID',
  'PIC_DOMAIN_ADMIN_HOST',
  'PIC_DOMAIN_PUBLIC_SUFFIX',
  'PIC_ROUTE_UNREACHABLE',
]

/** What a request named is not there, though the thing it is about is. */
const NOT_FOUND_CODES: readonly string[] = ['PIC_ROUTE_HOST_UNCLAIMED']

export class ApiError extends CliError {
  /** The problem document as it came (RFC 9457). */
  readonly problem: Problem

  constructor(problem: Problem, advice: string | null) {
    super({
      code: problem.code,
      message: advice === null ? problem.detail : `${problem.detail} ${advice}`,
      exitCode: exitCodeOf(problem),
      status: problem.status,
      errors: problem.errors,
      details: problem,
    })
    this.problem = problem
  }

  /** A number the server added to the problem, such as `line`. */
  number(member: string): number {
    const value = this.problem[member]
    return typeof value === 'number' ? value : 0
  }
}

function exitCodeOf({ code, status }: Problem): ExitCode {
  if (USAGE_CODES.includes(code)) return EXIT.usage
  return NOT_FOUND_CODES.includes(code) ? EXIT.notFound : exitCodeOfStatus(status)
}
