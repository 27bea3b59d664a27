/**
 * Errors of the limits that apps and scripts set for themselves.
 *
 * @module
 */
import type { CeilingName, FieldError } from '@picloud/shared'
import { UserError } from './user-error.ts'

/** One value above its ceiling. */
export interface CeilingFault extends FieldError {
  readonly limit: CeilingName
  readonly ceiling: number
  /** The operator's variable that raises the ceiling. */
  readonly setting: string
}

export class LimitCeilingError extends UserError<'PIC_LIMIT_CEILING'> {
  constructor(faults: readonly CeilingFault[]) {
    super({
      code: 'PIC_LIMIT_CEILING',
      status: 422,
      message: `More is set than the operator allows: ${faults.map(inWords).join(' ')}`,
      errors: faults.map(({ pointer, message }) => ({ pointer, message })),
      details: {
        limits: faults.map(({ limit, ceiling, setting }) => ({ name: limit, ceiling, setting })),
      },
    })
  }
}

function inWords({ pointer, message }: CeilingFault): string {
  return `${pointer.slice(pointer.lastIndexOf('/') + 1)}: ${message}`
}
