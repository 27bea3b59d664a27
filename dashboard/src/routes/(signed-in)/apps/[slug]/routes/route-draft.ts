/**
 * A route as it stands in the form: what the API takes, in the words of form controls.
 *
 * @module
 */
import type { Answer, CallOptions } from '@picloud/api-client'

export type Route = Answer<'getRoute'>

export const METHODS = ['*', 'GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS'] as const
const KEY_HEADER = 'Idempotency-Key'

export interface RouteDraft {
  method: Route['method']
  /** Empty: every host the app claims. */
  host: string
  path: string
  /** Empty: a hole. */
  scriptId: string
  enabled: boolean
  isIdempotent: boolean
  keyHeader: string
  isKeyRequired: boolean
}

/** @param scriptId of the script that a new route would lead to most likely */
export function newDraft(scriptId: string): RouteDraft {
  return {
    method: 'GET',
    host: '',
    path: '',
    scriptId,
    enabled: true,
    isIdempotent: false,
    keyHeader: KEY_HEADER,
    isKeyRequired: false,
  }
}

export function draftOf(route: Route): RouteDraft {
  return {
    method: route.method,
    host: route.host_pattern ?? '',
    path: route.path_pattern,
    scriptId: route.script_id ?? '',
    enabled: route.enabled,
    isIdempotent: route.idempotency !== null,
    keyHeader: route.idempotency?.header ?? KEY_HEADER,
    isKeyRequired: route.idempotency?.required ?? false,
  }
}

/** What is created or changed: all members, so that the route becomes what the form shows. */
export function bodyOf(draft: RouteDraft): CallOptions<'updateRoute'>['body'] & {
  readonly path_pattern: string
  readonly script_id: string | null
} {
  return {
    method: draft.method,
    host_pattern: hostOf(draft),
    path_pattern: draft.path.trim(),
    script_id: draft.scriptId === '' ? null : draft.scriptId,
    enabled: draft.enabled,
    idempotency: draft.isIdempotent
      ? { header: draft.keyHeader.trim(), required: draft.isKeyRequired }
      : null,
  }
}

export function hostOf({ host }: Pick<RouteDraft, 'host'>): string | null {
  return host.trim() === '' ? null : host.trim()
}

export interface Difference {
  readonly what: string
  readonly mine: string
  readonly theirs: string
}

/** What the form says otherwise than the route as it has become meanwhile. */
export function differences(
  mine: RouteDraft,
  theirs: RouteDraft,
  scriptName: (id: string) => string,
): readonly Difference[] {
  const words = (draft: RouteDraft): Readonly<Record<string, string>> => ({
    Method: draft.method,
    Host: hostOf(draft) ?? 'every host',
    Path: draft.path.trim(),
    Answer: draft.scriptId === '' ? 'a hole: 404' : scriptName(draft.scriptId),
    State: draft.enabled ? 'on' : 'off',
    'Sent again': draft.isIdempotent
      ? `runs once by ${draft.keyHeader}${draft.isKeyRequired ? ', required' : ''}`
      : 'runs again',
  })
  const theirWords = words(theirs)
  return Object.entries(words(mine))
    .map(([what, text]) => ({ what, mine: text, theirs: theirWords[what] ?? '' }))
    .filter((difference) => difference.mine !== difference.theirs)
}
