/**
 * Sends the value of a statement where it is wanted.
 *
 * @module
 */

import type { Destination } from '../body-context.ts'
import {
  assign,
  type Expression,
  evaluate,
  identifier,
  returnValue,
  type Statement,
} from '../javascript/javascript.ts'

/** Sends a value where the statement's value goes. */
export function deliver(value: Expression, out: Statement[], destination: Destination): void {
  switch (destination.kind) {
    case 'discard':
      if (value.kind !== 'literal' && value.kind !== 'identifier') out.push(evaluate(value))
      return
    case 'return':
      out.push(returnValue(value))
      return
    case 'variable':
      out.push(evaluate(assign(identifier(destination.name), value)))
  }
}
