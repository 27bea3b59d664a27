/**
 * Who a request comes from, once proved.
 *
 * Every admin is alike today. Handlers are given a principal and never look at headers, so what a
 * principal may do can become a question asked here without touching them.
 *
 * @module
 */
import type { TokenId } from '@picloud/shared'

export type Principal =
  /** Nobody proved anything: a caller of an open endpoint. */
  | { readonly kind: 'anonymous' }
  /** The operator, by a token in the program's configuration. */
  | { readonly kind: 'operator' }
  | { readonly kind: 'token'; readonly id: TokenId; readonly name: string }

export const ANONYMOUS: Principal = { kind: 'anonymous' }

/** A principal as the audit log names it. */
export function describePrincipal(principal: Principal): {
  readonly kind: string
  readonly id: string | null
  readonly name: string
} {
  return principal.kind === 'token'
    ? { kind: principal.kind, id: principal.id, name: principal.name }
    : { kind: principal.kind, id: null, name: principal.kind }
}
