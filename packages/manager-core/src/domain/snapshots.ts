/**
 * How the audit log shows what was changed: what a person would compare, and never a source.
 *
 * @module
 */
import { createHash } from 'node:crypto'
import type { AppId } from '@picloud/shared'
import type {
  AdminRow,
  AppRow,
  AuditSnapshot,
  DomainRow,
  RouteRow,
  ScriptRow,
  ScriptSampleRow,
  SecretRow,
  SessionRow,
  TokenRow,
} from '@picloud/storage'
import type { Change } from './control-writes.ts'

/** What stays the same of a change to one thing. */
type Subject = Pick<Change, 'target' | 'appId'>

export function appSubject({ id, slug }: AppRow): Subject {
  return { target: { type: 'app', id, name: slug }, appId: id }
}

export function appSnapshot({ slug, name, settings }: AppRow): AuditSnapshot {
  return { slug, name, settings }
}

/** A former slug: it has no id of its own, so it goes by that of the app it led to. */
export function slugSubject(slug: string, appId: AppId): Subject {
  return { target: { type: 'slug', id: appId, name: slug }, appId }
}

/** Where a former slug leads. */
export function slugSnapshot({ slug }: AppRow): AuditSnapshot {
  return { leads_to: slug }
}

export function domainSubject({ id, appId, pattern }: DomainRow): Subject {
  return { target: { type: 'domain', id, name: pattern }, appId }
}

export function domainSnapshot({ pattern }: DomainRow): AuditSnapshot {
  return { pattern }
}

export function scriptSubject({ id, appId, name }: ScriptRow): Subject {
  return { target: { type: 'script', id, name }, appId }
}

export function scriptSnapshot(script: ScriptRow): AuditSnapshot {
  const { name, version, latestVersion, source } = script
  return { name, version, ...sourceSnapshot(source), latest_version: latestVersion }
}

export function sourceSnapshot(source: string): AuditSnapshot {
  const sha256 = createHash('sha256').update(source).digest('hex')
  return { sha256, bytes: Buffer.byteLength(source) }
}

export function routeSubject(route: RouteRow): Subject {
  const name = `${route.method} ${route.hostPattern ?? ''}${route.pathPattern}`
  return { target: { type: 'route', id: route.id, name }, appId: route.appId }
}

export function routeSnapshot(route: RouteRow): AuditSnapshot {
  return {
    method: route.method,
    host_pattern: route.hostPattern,
    path_pattern: route.pathPattern,
    script_id: route.scriptId,
    enabled: route.enabled,
    idempotency: route.idempotency,
  }
}

export function adminSubject({ id, name }: Pick<AdminRow, 'id' | 'name'>): Subject {
  return { target: { type: 'admin', id, name }, appId: null }
}

export function adminSnapshot({ name }: Pick<AdminRow, 'name'>): AuditSnapshot {
  return { name }
}

export function tokenSubject({ id, name }: TokenRow): Subject {
  return { target: { type: 'token', id, name }, appId: null }
}

export function tokenSnapshot({ name, scopes, expiresAt }: TokenRow): AuditSnapshot {
  return { name, scopes, expires_at: expiresAt?.toISOString() ?? null }
}

/** It has no id: its app and its name are what it goes by. */
export function secretSubject({ appId, name }: Pick<SecretRow, 'appId' | 'name'>): Subject {
  return { target: { type: 'secret', id: null, name }, appId }
}

/** When it was set, and never to what. */
export function secretSnapshot({ updatedAt }: SecretRow): AuditSnapshot {
  return { updated_at: updatedAt.toISOString() }
}

/** It has no id: its script and its name are what it goes by. */
export function sampleSubject({ appId, id, name }: ScriptRow, sample: string): Subject {
  return { target: { type: 'sample', id, name: `${name}: ${sample}` }, appId }
}

/** Fields and body may hold what is secret. */
export function sampleSnapshot({ method, path }: ScriptSampleRow): AuditSnapshot {
  return { method, path }
}

export function sessionSubject({ id, adminName }: SessionRow): Subject {
  return { target: { type: 'session', id, name: adminName }, appId: null }
}

export function sessionSnapshot({ expiresAt, address, userAgent }: SessionRow): AuditSnapshot {
  return { expires_at: expiresAt.toISOString(), address, user_agent: userAgent }
}
