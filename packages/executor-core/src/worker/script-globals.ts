/**
 * The two names every script sees: `request` and `ctx`.
 *
 * `ctx` is the same for every trigger. `ctx.deadline_ms` is the time left when the script starts.
 *
 * @module
 */
import { makeBlob, makeMap, mapMaker, type RhaiMap, type Value } from '@picloud/rhai'
import type { Invocation } from '../protocol/invocation-message.ts'
import type { RequestMember, ScriptReads } from '../protocol/script-reads.ts'
import { parseBody } from './request-body.ts'
import { valueOfPayload } from './rhai-value-bytes.ts'

export const SCRIPT_GLOBALS = ['request', 'ctx'] as const

type MemberValue = (invocation: Invocation) => Value

const REQUEST_VALUES: Readonly<Record<RequestMember, MemberValue>> = {
  method: ({ request }) => request.method,
  url: ({ request }) => request.url,
  host: ({ request }) => request.host,
  path: ({ request }) => request.path,
  params: ({ request }) => textMap(request.params),
  query: ({ request }) => textMap(request.query),
  headers: ({ request }) => textMap(request.headers),
  cookies: ({ request }) => textMap(request.cookies),
  body: ({ trigger, limits, request }) =>
    trigger === 'call'
      ? valueOfPayload(request.body, limits)
      : parseBody(request.headers['content-type'], request.body),
  // Its own bytes: `body` may be a blob too, and changing one must not change the other.
  // What another script gave never was bytes to it.
  body_raw: ({ trigger, request }) =>
    makeBlob(trigger === 'call' ? new Uint8Array(0) : Uint8Array.from(request.body)),
  ip: ({ request }) => request.ip,
  id: ({ id }) => id,
}

/** What a script sees when it starts, by `Date.now()`. @throws RequestBodyError */
export type GlobalsOf = (invocation: Invocation, now: number) => Record<string, Value>

/** What a script cannot read is `()`, and of `request` it sees the members that it can read. */
export function globalsFor({ request, ctx }: ScriptReads): GlobalsOf {
  const requestOf = requestMaker(request)
  return (invocation, now) => ({
    request: requestOf(invocation),
    ctx: ctx ? contextValue(invocation, now) : undefined,
  })
}

function requestMaker(members: readonly RequestMember[]): (invocation: Invocation) => Value {
  if (members.length === 0) return () => undefined
  const mapOf = mapMaker(members)
  const values = members.map((member) => REQUEST_VALUES[member])
  return (invocation) => mapOf(values.map((valueIn) => valueIn(invocation)))
}

function contextValue(invocation: Invocation, now: number): RhaiMap {
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
