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
  /** The operator, by a token in the program's configuration. */
  | { readonly kind: 'operator' }
  | { readonly kind: 'token'; readonly id: TokenId; readonly name: string }
