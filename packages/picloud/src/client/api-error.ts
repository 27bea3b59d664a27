/**
 * An error the server answered, with the server's own code and words.
 *
 * @module
 */
import type { Problem } from '@picloud/shared'
import { CliError } from '../errors.ts'
import { EXIT, exitCodeOfStatus } from '../exit-code.ts'

/** What the server refuses with these was written on the command line. */
const USAGE_CODES: readonly string[] = [
  'PIC_QUERY_INVALID',
  'PIC_REQUEST_INVALID',
  'PIC_HOST_PATTERN_INVALID',
  'PIC_PATH_PATTERN_INVALID',
]

export class ApiError extends CliError {
  /** The problem document as it came (RFC 9457). */
  readonly problem: Problem

  constructor(problem: Problem, advice: string | null) {
    super({
      code: problem.code,
      message: advice === null ? problem.detail : `${problem.detail} ${advice}`,
      exitCode: USAGE_CODES.includes(problem.code) ? EXIT.usage : exitCodeOfStatus(problem.status),
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
