/**
 * The two names every script sees: `request` and `ctx`.
 *
 * `ctx` is the same for every trigger. `ctx.deadline_ms` is the time left when the script starts.
 *
 * @module
 */
import { makeBlob, makeMap, type RhaiMap, type Value } from '@picloud/rhai'
import type { Invocation } from '../protocol/invocation-message.ts'
import { parseBody } from './request-body.ts'

export const SCRIPT_GLOBALS = ['request', 'ctx'] as const

/** @throws RequestBodyError */
export function requestValue(invocation: Invocation): RhaiMap {
  const { request, id } = invocation
  return makeMap([
    ['method', request.method],
    ['url', request.url],
    ['host', request.host],
    ['path', request.path],
    ['params', textMap(request.params)],
    ['query', textMap(request.query)],
    ['headers', textMap(request.headers)],
    ['cookies', textMap(request.cookies)],
    ['body', parseBody(request.headers['content-type'], request.body)],
    // Its own bytes: `body` may be a blob too, and changing one must not change the other.
    ['body_raw', makeBlob(request.body.slice())],
    ['ip', request.ip],
    ['id', id],
  ])
}

export function contextValue(invocation: Invocation, now: number): RhaiMap {
  const { app, script, trigger, id, deadlineAt } = invocation
  return makeMap([
    ['app', app.slug],
    ['script', script.name],
    ['version', script.version],
    ['trigger', trigger],
    ['invocation_id', id],
    ['deadline_ms', Math.max(0, Math.round(deadlineAt - now))],
  ])
}

function textMap(texts: Readonly<Record<string, string>>): Value {
  return makeMap(Object.entries(texts))
}
