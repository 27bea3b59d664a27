/**
 * What is wrong with a command line, or with a file named in it: a line for the one who typed it.
 *
 * @module
 */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}
