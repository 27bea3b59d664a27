/**
 * Which parts of what a script is given its source can tell from nothing.
 *
 * Making `request` on both sides of the wire costs more than a short script does, so a script is
 * sent the members it can see. A source that never spells a name cannot read it, unless it makes
 * code from text or shares its scope with another script; and one that spells `request` only to
 * take members out of it sees no others.
 *
 * A text is enough to tell: what is not plainly a member (a call, which is given `request` itself, a
 * comment in between, a word in a string) counts as reading everything.
 *
 * @module
 */

/** The members of `request`, in the order a script is shown them. */
export const REQUEST_MEMBERS = [
  'method',
  'url',
  'host',
  'path',
  'params',
  'query',
  'headers',
  'cookies',
  'body',
  'body_raw',
  'ip',
  'id',
] as const

export type RequestMember = (typeof REQUEST_MEMBERS)[number]

export interface ScriptReads {
  /** None when the script cannot read `request` at all. */
  readonly request: readonly RequestMember[]
  readonly ctx: boolean
}

const ANY_NAME = /\b(?:eval|import)\b/
const REQUEST = /\brequest\b/g
/** What follows the name where only a member is taken; `!` may begin `!=`, but also a call. */
const MEMBER = /\s*\??\.\s*([a-z_]+)\b(?!\s*(?:[(/]|!(?!=)))/y
const CTX = /\bctx\b/

export function readsOf(source: string): ScriptReads {
  if (ANY_NAME.test(source)) return { request: REQUEST_MEMBERS, ctx: true }
  return { request: requestMembersIn(source), ctx: CTX.test(source) }
}

function requestMembersIn(source: string): readonly RequestMember[] {
  const read = new Set<string>()
  for (const { index, 0: name } of source.matchAll(REQUEST)) {
    MEMBER.lastIndex = index + name.length
    const member = MEMBER.exec(source)?.[1] ?? ''
    if (!isMember(member)) return REQUEST_MEMBERS
    read.add(member)
  }
  return REQUEST_MEMBERS.filter((member) => read.has(member))
}

function isMember(name: string): name is RequestMember {
  return (REQUEST_MEMBERS as readonly string[]).includes(name)
}
