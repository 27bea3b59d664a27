/**
 * Why a request is answered as it is: every claim and route that was in question, and what became
 * of each.
 *
 * Decides by the very functions the orchestrator dispatches by, over the plain lists a database
 * gives, so it may be slow and must be right; a test holds the two to one another on random tables.
 *
 * @module
 */
import { compareHostPatterns, type HostPattern } from './host-pattern.ts'
import { comparePathPatterns, splitPath } from './path-pattern.ts'
import { claimReaches, EXECUTE_PREFIX, placeOf } from './request-place.ts'
import {
  allowedMethods,
  answersMethod,
  captureParams,
  chooseRoute,
  compareRouteHosts,
  compareRoutes,
  type RoutePatterns,
  routeFits,
} from './route-rules.ts'

export const EXPLAINED_OUTCOMES = [
  'route',
  'hole',
  'path_unknown',
  'method_not_allowed',
  'options',
  'path_malformed',
  'host_unknown',
  'admin_host',
  'picloud',
  'execute',
] as const
export type ExplainedOutcome = (typeof EXPLAINED_OUTCOMES)[number]

export const CLAIM_VERDICTS = ['wins', 'less_specific', 'admin_host', 'not_asked'] as const
export type ClaimVerdict = (typeof CLAIM_VERDICTS)[number]

export const ROUTE_VERDICTS = ['wins', 'less_specific', 'other_method', 'disabled'] as const
export type RouteVerdict = (typeof ROUTE_VERDICTS)[number]

export interface ExplainableClaim {
  readonly hostPattern: HostPattern
}

export interface ExplainableRoute extends RoutePatterns {
  readonly scriptId: string | null
  readonly enabled: boolean
}

export interface ExplainableRequest {
  readonly method: string
  /** Normalised. */
  readonly host: string
  /** Percent-encoded, without a query. */
  readonly path: string
}

export interface RoutingFacts<Claim, Route> {
  /** The one admin host, normalised, when the operator named one. */
  readonly adminHost: string | null
  /** Every claim of any app that fits the host. */
  readonly claims: readonly Claim[]
  /** Every route of the app whose claim wins. */
  readonly routes: readonly Route[]
}

export interface Explanation<Claim, Route> {
  readonly outcome: ExplainedOutcome
  /** Status PiCloud answers with; null where a script or an endpoint of PiCloud's own decides. */
  readonly status: number | null
  /** One sentence or two, for people. */
  readonly reason: string
  /** Set for `method_not_allowed` and `options`. */
  readonly allow: readonly string[]
  /** What the script would be given as `request.params`. */
  readonly params: Readonly<Record<string, string>>
  /** The most specific first. */
  readonly claims: readonly { claim: Claim; verdict: ClaimVerdict; reason: string }[]
  /** Those whose host and path fit; the most specific first. */
  readonly routes: readonly { route: Route; verdict: RouteVerdict; reason: string }[]
}

const EXECUTE_METHODS = ['OPTIONS', 'POST']

/** The claim that counts for a host, of those that fit it. */
export function winningClaim<Claim extends ExplainableClaim>(
  claims: readonly Claim[],
  host: string,
  adminHost: string | null,
): Claim | undefined {
  return bySpecificity(claims).find((claim) => claimReaches(claim.hostPattern, host, adminHost))
}

export function explainRequest<Claim extends ExplainableClaim, Route extends ExplainableRoute>(
  request: ExplainableRequest,
  facts: RoutingFacts<Claim, Route>,
): Explanation<Claim, Route> {
  const { host, path } = request
  const { adminHost } = facts
  const claims = bySpecificity(facts.claims)
  const place = placeOf({ host, path, adminHost, claim: claims[0]?.hostPattern ?? null })
  const own = { allow: [], params: {}, routes: [] }
  switch (place) {
    case 'app':
      return explainRoutes(request, facts)
    case 'execute':
      return { ...own, ...executeOutcome(request), claims: unasked(claims) }
    case 'picloud':
      return {
        ...own,
        outcome: 'picloud',
        status: null,
        reason: `${path} is PiCloud's own path, and ${host} is ${adminHostWords(facts, host)}.`,
        claims: unasked(claims),
      }
    case 'admin-host':
      return {
        ...own,
        outcome: 'admin_host',
        status: 404,
        reason: `${host} is the admin host (PICLOUD_ADMIN_HOST), where no app answers.`,
        claims: judgeClaims(claims, undefined, host),
      }
    case 'no-claim':
      return {
        ...own,
        outcome: 'host_unknown',
        status: 404,
        reason: `No app claims ${host}.`,
        claims: [],
      }
  }
}

function explainRoutes<Claim extends ExplainableClaim, Route extends ExplainableRoute>(
  { method, host, path }: ExplainableRequest,
  facts: RoutingFacts<Claim, Route>,
): Explanation<Claim, Route> {
  const claim = winningClaim(facts.claims, host, facts.adminHost)
  const claims = judgeClaims(bySpecificity(facts.claims), claim, host)
  const segments = splitPath(path)
  const none = { allow: [], params: {}, claims }
  if (segments === null) {
    const reason = 'The path has a malformed escape, or a segment that is `.` or `..`.'
    return { ...none, outcome: 'path_malformed', status: 400, reason, routes: [] }
  }
  const fitting = facts.routes
    .filter((route) => routeFits(route, host, path))
    .toSorted(compareRoutes)
  const enabled = fitting.filter((route) => route.enabled)
  const winner = chooseRoute(enabled, method)
  const routes = fitting.map((route) => ({ route, ...judgeRoute(route, winner, method) }))
  if (winner !== undefined && winner.scriptId === null) {
    const reason = `${nameOf(winner)} is a hole: it has no script, so what it matches gets 404.`
    return { ...none, outcome: 'hole', status: 404, reason, routes }
  }
  if (winner !== undefined && claim !== undefined) {
    const params = captureParams(claim.hostPattern, host, winner, segments)
    const reason = `${nameOf(winner)} is the most specific route that answers ${method} here.`
    return { ...none, outcome: 'route', status: null, reason, params, routes }
  }
  const allow = allowedMethods(enabled, (route) => route.scriptId === null)
  if (allow.length === 0) {
    const off = fitting.length > enabled.length ? ' Those that would are switched off.' : ''
    const reason = `No route of the app has this host and path.${off}`
    return { ...none, outcome: 'path_unknown', status: 404, reason, routes }
  }
  if (method === 'OPTIONS') {
    const reason = 'No route answers OPTIONS here, so PiCloud does, with the methods there are.'
    return { ...none, outcome: 'options', status: 204, reason, allow, routes }
  }
  const reason = `Routes have this path, but none answers ${method}: only ${allow.join(', ')}.`
  return { ...none, outcome: 'method_not_allowed', status: 405, reason, allow, routes }
}

function executeOutcome({ method }: ExplainableRequest) {
  const what = `${EXECUTE_PREFIX}{script id} runs a script by its id, on every host`
  if (method === 'POST') {
    return { outcome: 'execute', status: null, reason: `${what}, with an access token.` } as const
  }
  const allow = EXECUTE_METHODS
  return method === 'OPTIONS'
    ? ({ outcome: 'options', status: 204, reason: `${what}.`, allow } as const)
    : ({
        outcome: 'method_not_allowed',
        status: 405,
        reason: `${what}, by POST only.`,
        allow,
      } as const)
}

function adminHostWords(facts: RoutingFacts<unknown, unknown>, host: string): string {
  if (host === facts.adminHost) return 'the admin host (PICLOUD_ADMIN_HOST)'
  return facts.claims.length === 0
    ? 'an admin host: no app claims it'
    : 'an admin host: localhost and addresses are, while PICLOUD_ADMIN_HOST names none'
}

function bySpecificity<Claim extends ExplainableClaim>(claims: readonly Claim[]): Claim[] {
  return claims.toSorted((a, b) => compareHostPatterns(a.hostPattern, b.hostPattern))
}

function unasked<Claim>(claims: readonly Claim[]) {
  const reason = 'Claims are not asked for this path.'
  return claims.map((claim) => ({ claim, verdict: 'not_asked' as const, reason }))
}

function judgeClaims<Claim extends ExplainableClaim>(
  claims: readonly Claim[],
  winner: Claim | undefined,
  host: string,
) {
  return claims.map((claim) => {
    if (claim === winner) {
      const reason = claims.length > 1 ? 'The more specific claim wins.' : 'The only claim.'
      return { claim, verdict: 'wins' as const, reason }
    }
    if (winner === undefined) {
      const reason = `A pattern does not reach the admin host ${host}.`
      return { claim, verdict: 'admin_host' as const, reason }
    }
    const reason = `${winner.hostPattern.text} names the host itself.`
    return { claim, verdict: 'less_specific' as const, reason }
  })
}

function judgeRoute(
  route: ExplainableRoute,
  winner: ExplainableRoute | undefined,
  method: string,
): { readonly verdict: RouteVerdict; readonly reason: string } {
  if (!route.enabled) return { verdict: 'disabled', reason: 'Switched off.' }
  if (!answersMethod(route.method, method)) {
    return { verdict: 'other_method', reason: `Answers ${route.method}, not ${method}.` }
  }
  if (route === winner || winner === undefined) {
    return { verdict: 'wins', reason: 'The first in order whose method fits.' }
  }
  return { verdict: 'less_specific', reason: whyLess(route, winner) }
}

function whyLess(route: RoutePatterns, winner: RoutePatterns): string {
  const name = nameOf(winner)
  if (compareRouteHosts(route, winner) !== 0) return `${name} is for fewer hosts.`
  if (comparePathPatterns(route.pathPattern, winner.pathPattern) !== 0) {
    return `${name} has the more specific path.`
  }
  return `${name} has the more specific method.`
}

function nameOf({ method, hostPattern, pathPattern }: RoutePatterns): string {
  return `${method} ${hostPattern?.text ?? ''}${pathPattern.text}`
}
