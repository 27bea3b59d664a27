/**
 * Who asks for a change: what the audit log says of the person or program behind it.
 *
 * @module
 */
import { describePrincipal, type Principal } from '../auth/principal.ts'

export interface Author {
  readonly principal: Principal
  /** Of the client. */
  readonly address: string
  readonly requestId: string
}

/** Who it was, as things that remember it show it. */
export function authorName({ principal }: Author): string {
  return describePrincipal(principal).name
}
