/**
 * Numbers on the command line that count something, from 1.
 *
 * @module
 */
import { InvalidArgumentError } from 'commander'

/** @throws InvalidArgumentError, which the parser shows with the argument's name */
export function numberArgument(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text))
    throw new InvalidArgumentError('It must be a whole number from 1.')
  return Number(text)
}
