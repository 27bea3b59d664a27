/**
 * What came of a script that another one called, before its value is read: bytes, see `value/`.
 *
 * @module
 */
import type { ExecutionOutcome } from '@picloud/shared'

type Base = Omit<Extract<ExecutionOutcome, { readonly kind: 'failure' }>, 'kind' | 'failure'>

export type ValueOutcome = Base & { readonly kind: 'value'; readonly value: Uint8Array }

/** The map that a script threw which was called; other failures have none. */
export interface Thrown {
  readonly thrown?: Uint8Array | undefined
}

/** The bytes of what a called script threw. */
export function thrownIn(outcome: object): Uint8Array | undefined {
  return (outcome as Thrown).thrown
}
