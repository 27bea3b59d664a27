/**
 * Which of the names given to a script its source can tell from nothing.
 *
 * Making `request` on both sides of the wire costs more than a short script does, so a script that
 * cannot see it is not sent it. A source that never spells a name cannot read it, unless it makes
 * code from text or shares its scope with another script.
 *
 * @module
 */
export interface ScriptReads {
  readonly request: boolean
  readonly ctx: boolean
}

const ANY_NAME = /\b(?:eval|import)\b/
const REQUEST = /\brequest\b/
const CTX = /\bctx\b/

export function readsOf(source: string): ScriptReads {
  const any = ANY_NAME.test(source)
  return { request: any || REQUEST.test(source), ctx: any || CTX.test(source) }
}
