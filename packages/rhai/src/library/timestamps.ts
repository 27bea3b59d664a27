/**
 * Functions on points in time.
 *
 * `sleep` waits for nothing: a script shares its thread with others, and a wait that does not hold
 * it is a service of the host.
 *
 * @module
 */
import {
  type NativeFunction,
  NUMBER,
  property,
  reads,
  TIMESTAMP,
} from '../runtime/native-function.ts'
import { arithmeticError } from '../runtime/raise.ts'
import { secondsBetween } from '../runtime/timestamp.ts'
import { Timestamp } from '../runtime/value.ts'

export const timestampFunctions: readonly NativeFunction[] = [
  reads('timestamp', [], (context) => new Timestamp(context.now())),
  property('elapsed', [TIMESTAMP], (context, time) => {
    const now = new Timestamp(context.now())
    if (time.milliseconds > now.milliseconds) {
      throw arithmeticError('Time-stamp is later than now')
    }
    return secondsBetween(now, time)
  }),
  reads('sleep', [NUMBER], () => undefined),
]
