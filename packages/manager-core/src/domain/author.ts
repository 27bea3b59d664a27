/**
 * Who asks for a change: what the audit log says of the person or program behind it.
 *
 * @module
 */
import type { Principal } from '../auth/principal.ts'

export interface Author {
  readonly principal: Principal
  /** Of the client. */
  readonly address: string
  readonly requestId: string
}
