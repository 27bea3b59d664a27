/**
 * What a call gives that may have to wait: the value, or the promise of it.
 *
 * Only calls that were made to wait give replies; everything a script can hold is a value.
 *
 * @module
 */
import type { Value } from './value.ts'

export type Reply = Value | Promise<Value>

/** Told by its `then`, because a promise may come from another realm; no value has one. */
export function isPromise(reply: Reply): reply is Promise<Value> {
  return typeof reply === 'object' && 'then' in reply
}
