/**
 * What each operation takes and answers, read out of the generated types.
 *
 * @module
 */
import type { OPERATIONS, operations } from './generated/api.ts'

/** The `operationId` of the OpenAPI document. */
export type OperationId = keyof typeof OPERATIONS & keyof operations

/** Operations that answer `{ items, next_cursor }`, page by page. */
export type ListOperationId = {
  [Id in OperationId]: (typeof OPERATIONS)[Id] extends { readonly pageItemsMax: number }
    ? Id
    : never
}[OperationId]

/** What is given with a call. Members an operation does not have cannot be given. */
export type CallOptions<Id extends OperationId> = Part<'path', Parameters<Id, 'path'>> &
  Part<'query', Parameters<Id, 'query'>> &
  Part<'body', Body<Id>> &
  Conditional<Id> &
  CallLimits

export interface CallLimits {
  /** From connecting to the last byte of the answer; without it the transport's own deadline. */
  readonly deadlineMs?: number
}

/** The options, which may be left out where nothing in them is required. */
export type CallArguments<Id extends OperationId> =
  object extends CallOptions<Id> ? [options?: CallOptions<Id>] : [options: CallOptions<Id>]

/** The JSON of a successful answer; undefined where it has no body. */
export type Answer<Id extends OperationId> = AnswerIn<
  operations[Id]['responses'][keyof operations[Id]['responses']]
>

/** An item of a list. */
export type Item<Id extends ListOperationId> =
  Answer<Id> extends { items: (infer One)[] } ? One : never

type AnswerIn<Response> = Response extends { content: { 'application/json': infer Json } }
  ? Json
  : undefined

type Parameters<
  Id extends OperationId,
  Place extends 'path' | 'query' | 'header',
> = operations[Id]['parameters'] extends { readonly [Key in Place]?: infer Value }
  ? Value
  : undefined

/** Undefined where an operation takes none; the same where it may be left out as where it may not. */
type Body<Id extends OperationId> = JsonOf<NonNullable<operations[Id]['requestBody']>>

type JsonOf<RequestBody> = [RequestBody] extends [never]
  ? undefined
  : RequestBody extends { content: { 'application/json': infer Json } }
    ? Json
    : undefined

/** For this revision (or tag) of the thing the change is meant: any other refuses it with 412. */
type Conditional<Id extends OperationId> =
  Parameters<Id, 'header'> extends { 'If-Match'?: string }
    ? { readonly ifRevision?: number | string | undefined }
    : { readonly ifRevision?: never }

type Part<Name extends string, Value> = [Value] extends [undefined]
  ? { readonly [Key in Name]?: never }
  : object extends Value
    ? { readonly [Key in Name]?: Written<NonNullable<Value>> }
    : { readonly [Key in Name]: Written<Value> }

/** As a caller may write it: what is optional may also be undefined, which is not sent. */
type Written<T> = T extends readonly (infer One)[]
  ? readonly Written<One>[]
  : T extends object
    ? {
        readonly [Key in keyof T]: object extends Pick<T, Key>
          ? Written<T[Key]> | undefined
          : Written<T[Key]>
      }
    : T
