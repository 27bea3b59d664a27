/**
 * What the exit codes of `picloud` mean. Scripts and CI branch on them, so they are stable; the
 * table is shown by `picloud help exit-codes` and kept in `docs/reference/cli.md`.
 *
 * @module
 */

export const EXIT = {
  ok: 0,
  failed: 1,
  usage: 2,
  unreachable: 3,
  notAllowed: 4,
  notFound: 5,
  conflict: 6,
} as const

export type ExitCode = (typeof EXIT)[keyof typeof EXIT]

/** One line of explanation for each code, in order. */
export const EXIT_CODE_MEANINGS: readonly (readonly [ExitCode, string])[] = [
  [EXIT.ok, 'It worked.'],
  [
    EXIT.failed,
    'The script or the operation failed: an error, or an answer of status 400 or more.',
  ],
  [EXIT.usage, 'The command, a flag, a setting or a file given to it is wrong.'],
  [EXIT.unreachable, 'No PiCloud server could be reached, or it did not answer in time.'],
  [EXIT.notAllowed, 'The server refused: the token is missing, wrong, or not allowed to do this.'],
  [EXIT.notFound, 'The app, script, route, domain or token does not exist.'],
  [
    EXIT.conflict,
    'What was asked for is taken or in use, or was changed by somebody else meanwhile.',
  ],
]

/** The exit code for an HTTP status of 400 or more from the API. */
export function exitCodeOfStatus(status: number): ExitCode {
  switch (status) {
    case 401:
    case 403:
      return EXIT.notAllowed
    case 404:
    case 410:
      return EXIT.notFound
    case 409:
    case 412:
      return EXIT.conflict
    default:
      return EXIT.failed
  }
}
