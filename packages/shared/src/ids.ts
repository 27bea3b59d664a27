/**
 * Identifiers. Every stored thing has a UUIDv7 (RFC 9562), so ids sort by creation time.
 * Each kind of id is a type of its own: an app's id cannot be passed for a script's.
 *
 * @module
 */
import { v7 as uuidV7, validate } from 'uuid'

type Id<Brand extends string> = string & { readonly __brand: Brand }

export type AppId = Id<'AppId'>
export type DomainId = Id<'DomainId'>
export type ScriptId = Id<'ScriptId'>
export type ScriptVersionId = Id<'ScriptVersionId'>
export type RouteId = Id<'RouteId'>
export type ExecutionId = Id<'ExecutionId'>
export type TokenId = Id<'TokenId'>
export type AdminId = Id<'AdminId'>
export type SessionId = Id<'SessionId'>
export type AuditId = Id<'AuditId'>

type AnyId =
  | AppId
  | DomainId
  | ScriptId
  | ScriptVersionId
  | RouteId
  | ExecutionId
  | TokenId
  | AdminId
  | SessionId
  | AuditId

/** A new id; the caller's type says of what. */
export function newId<T extends AnyId>(): T {
  return uuidV7() as T
}

/** Whether a text has the form of an id (any UUID version: databases may hold older ones). */
export function isId(text: string): boolean {
  return validate(text)
}
