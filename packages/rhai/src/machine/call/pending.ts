/**
 * The answer of a call that has to wait.
 *
 * Calls in an asynchronous frame answer a value, or a {@link Pending} when somebody down there
 * waits for the host; the frame awaits only the latter, so that a call that does not wait costs no
 * turn of the event loop. A class of its own rather than a bare promise: it cannot be mistaken for
 * a value, and telling it takes one look, whatever realm the promise comes from.
 *
 * @module
 */

import type { Reply } from '../../runtime/reply.ts'
import type { Value } from '../../runtime/value.ts'

export class Pending {
  readonly promise: Promise<Value>

  constructor(promise: Promise<Value>) {
    this.promise = promise
  }
}

export type Answer = Value | Pending

/** What to await for an answer. */
export function replyOf(answer: Answer): Reply {
  return answer instanceof Pending ? answer.promise : answer
}
