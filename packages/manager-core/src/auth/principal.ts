/**
 * Who a request comes from, once proved.
 *
 * Every admin is alike today. Handlers are given a principal and never look at headers, so what a
 * principal may do can become a question asked here without touching them: an admin's roles would
 * stand beside its name.
 *
 * @module
 */
import type { AdminId, SessionId, TokenId, TokenScope } from '@picloud/shared'

export type Principal =
  /** Nobody proved anything: a caller of an open endpoint. */
  | { readonly kind: 'anonymous' }
  /** The operator, by a token in the program's configuration. */
  | { readonly kind: 'operator' }
  /** Signed in with a password. */
  | {
      readonly kind: 'admin'
      readonly id: AdminId
      readonly name: string
      readonly sessionId: SessionId
    }
  | {
      readonly kind: 'token'
      readonly id: TokenId
      readonly name: string
      readonly scopes: readonly TokenScope[]
    }

/** What a request wants to do, which is the scope a token needs for it. */
export type Need = TokenScope

export const ANONYMOUS: Principal = { kind: 'anonymous' }

/** Whether a principal may do it. The question per-app roles will answer, given the app too. */
export function mayDo(principal: Principal, need: Need): boolean {
  switch (principal.kind) {
    case 'anonymous':
      return false
    case 'operator':
    case 'admin':
      return true
    case 'token':
      return principal.scopes.includes('admin') || principal.scopes.includes(need)
  }
}

/** A principal as the audit log names it. */
export function describePrincipal(principal: Principal): {
  readonly kind: string
  readonly id: string | null
  readonly name: string
} {
  return principal.kind === 'token' || principal.kind === 'admin'
    ? { kind: principal.kind, id: principal.id, name: principal.name }
    : { kind: principal.kind, id: null, name: principal.kind }
}
