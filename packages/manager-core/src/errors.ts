/**
 * Every error the control plane raises on purpose.
 *
 * Codes are stable and listed in `docs/reference/errors.md`, which a test holds equal. A message
 * says what happened, with the value, and then what to do; it never shows another app's data.
 *
 * @module
 */
import { type AppContents, type FieldError, PicloudError } from '@picloud/shared'

/** A client's mistake: its message may be shown. */
interface UserErrorInit<Code extends string> {
  readonly code: Code
  readonly status: number
  readonly message: string
  readonly errors?: readonly FieldError[]
  readonly details?: Readonly<Record<string, unknown>>
  readonly cause?: unknown
}

class UserError<Code extends string> extends PicloudError<Code> {
  constructor(init: UserErrorInit<Code>) {
    super({ ...init, audience: 'user' })
  }
}

// --- Who asks ------------------------------------------------------------------------------------

export class UnauthenticatedError extends UserError<'PIC_UNAUTHENTICATED'> {
  constructor(problem: 'missing' | 'malformed' | 'unknown') {
    const messages = {
      missing: 'This needs a token. Send it as "Authorization: Bearer pic_...".',
      malformed: 'The Authorization header is not "Bearer" and one token.',
      unknown: 'The token is not known here, or was deleted.',
    }
    super({ code: 'PIC_UNAUTHENTICATED', status: 401, message: messages[problem] })
  }
}

export class AttemptsLimitedError extends UserError<'PIC_ATTEMPTS_LIMITED'> {
  readonly retryAfterSeconds: number

  constructor(retryAfterSeconds: number) {
    super({
      code: 'PIC_ATTEMPTS_LIMITED',
      status: 429,
      message: `Too many failed attempts from this address. Try again in ${retryAfterSeconds} s.`,
    })
    this.retryAfterSeconds = retryAfterSeconds
  }
}

export class SetupRefusedError extends UserError<'PIC_SETUP_REFUSED'> {
  constructor() {
    super({
      code: 'PIC_SETUP_REFUSED',
      status: 403,
      message:
        'The set-up token is wrong or was used. A PiCloud without an admin prints a new set-up ' +
        'link each time it starts.',
    })
  }
}

// --- Requests ------------------------------------------------------------------------------------

export class RequestInvalidError extends UserError<'PIC_REQUEST_INVALID'> {
  constructor(errors: readonly FieldError[]) {
    super({
      code: 'PIC_REQUEST_INVALID',
      status: 422,
      message: `The request body is not valid: ${summaryOf(errors)}`,
      errors,
    })
  }
}

export class QueryInvalidError extends UserError<'PIC_QUERY_INVALID'> {
  constructor(errors: readonly FieldError[]) {
    super({
      code: 'PIC_QUERY_INVALID',
      status: 400,
      message: `The query string is not valid: ${summaryOf(errors)}`,
      errors,
    })
  }
}

export class BodyMalformedError extends UserError<'PIC_BODY_MALFORMED'> {
  constructor(message: string, cause?: unknown) {
    super({ code: 'PIC_BODY_MALFORMED', status: 400, message, cause })
  }
}

export class BodyTooLargeError extends UserError<'PIC_BODY_TOO_LARGE'> {
  constructor(bytesMax: number) {
    super({
      code: 'PIC_BODY_TOO_LARGE',
      status: 413,
      message: `The request body is over the limit of ${bytesMax} bytes.`,
      details: { limit: { value: bytesMax, unit: 'bytes' } },
    })
  }
}

export class MediaTypeUnsupportedError extends UserError<'PIC_MEDIA_TYPE_UNSUPPORTED'> {
  constructor() {
    super({
      code: 'PIC_MEDIA_TYPE_UNSUPPORTED',
      status: 415,
      message: 'The body must be sent as application/json.',
    })
  }
}

export class UrlMalformedError extends UserError<'PIC_URL_MALFORMED'> {
  constructor() {
    super({
      code: 'PIC_URL_MALFORMED',
      status: 400,
      message: 'The path has a malformed percent escape.',
    })
  }
}

export class UrlTooLongError extends UserError<'PIC_URL_TOO_LONG'> {
  constructor(lengthMax: number) {
    super({
      code: 'PIC_URL_TOO_LONG',
      status: 414,
      message: `A part of the path is longer than ${lengthMax} characters.`,
    })
  }
}

/** What the HTTP framework refuses and no other code names. */
export class RequestRefusedError extends UserError<'PIC_REQUEST_REFUSED'> {
  constructor(status: number, cause: unknown) {
    const message = 'The request is not valid HTTP for this address.'
    super({ code: 'PIC_REQUEST_REFUSED', status, message, cause })
  }
}

export class EndpointUnknownError extends UserError<'PIC_ENDPOINT_UNKNOWN'> {
  constructor(method: string, path: string) {
    super({
      code: 'PIC_ENDPOINT_UNKNOWN',
      status: 404,
      message: `There is nothing at ${method} ${path}. See /api/v1/openapi.json.`,
    })
  }
}

export class MethodNotAllowedError extends UserError<'PIC_METHOD_NOT_ALLOWED'> {
  readonly allow: string

  constructor(method: string, allow: string) {
    super({
      code: 'PIC_METHOD_NOT_ALLOWED',
      status: 405,
      message: `${method} is not offered here. Allowed: ${allow}.`,
    })
    this.allow = allow
  }
}

export class ManagerStoppingError extends UserError<'PIC_MANAGER_STOPPING'> {
  constructor() {
    const message = 'PiCloud is stopping. Try again in a moment.'
    super({ code: 'PIC_MANAGER_STOPPING', status: 503, message })
  }
}

// --- Apps and domains ----------------------------------------------------------------------------

export class AppNotFoundError extends UserError<'PIC_APP_NOT_FOUND'> {
  constructor(reference: string) {
    const message = `There is no app with the id or slug ${quote(reference)}.`
    super({ code: 'PIC_APP_NOT_FOUND', status: 404, message })
  }
}

export class AppSlugTakenError extends UserError<'PIC_APP_SLUG_TAKEN'> {
  constructor(slug: string) {
    const message = `The slug ${quote(slug)} is in use.`
    super({
      code: 'PIC_APP_SLUG_TAKEN',
      status: 409,
      message,
      errors: [{ pointer: '/slug', message }],
    })
  }
}

export class AppNotEmptyError extends UserError<'PIC_APP_NOT_EMPTY'> {
  constructor(slug: string, contents: AppContents) {
    const listed = Object.entries(contents)
      .filter(([, count]) => count > 0)
      .map(([what, count]) => `${count} ${count === 1 ? what.slice(0, -1) : what}`)
    super({
      code: 'PIC_APP_NOT_EMPTY',
      status: 409,
      message:
        `Deleting the app ${quote(slug)} would also delete ${listed.join(', ')}. ` +
        'Repeat with ?force=true to do so.',
      details: { would_delete: contents },
    })
  }
}

export class DomainClaimedError extends UserError<'PIC_DOMAIN_CLAIMED'> {
  constructor(wanted: string, claim: { readonly pattern: string; readonly sameApp: boolean }) {
    const holder = claim.sameApp ? 'this app' : 'another app'
    super({
      code: 'PIC_DOMAIN_CLAIMED',
      status: 409,
      message: `${wanted} answers for the same hosts as ${claim.pattern}, which ${holder} claims.`,
      errors: [{ pointer: '/pattern', message: `Collides with the claim ${claim.pattern}.` }],
      details: { claim: { pattern: claim.pattern, same_app: claim.sameApp } },
    })
  }
}

export class DomainNotFoundError extends UserError<'PIC_DOMAIN_NOT_FOUND'> {
  constructor(id: string) {
    const message = `The app has no domain claim with the id ${quote(id)}.`
    super({ code: 'PIC_DOMAIN_NOT_FOUND', status: 404, message })
  }
}

/** A route, as error messages and details name it. */
export interface RouteName {
  readonly id: string
  readonly method: string
  readonly hostPattern: string | null
  readonly pathPattern: string
}

export class DomainInUseError extends UserError<'PIC_DOMAIN_IN_USE'> {
  constructor(pattern: string, routes: readonly RouteName[]) {
    super({
      code: 'PIC_DOMAIN_IN_USE',
      status: 409,
      message:
        `${pattern} cannot be released: ${listRoutes(routes)} would answer nowhere. Delete ` +
        'them first, or repeat with ?force=true to leave them without a host.',
      details: { routes: routes.map(routeDetail) },
    })
  }
}

// --- Scripts -------------------------------------------------------------------------------------

export class ScriptNotFoundError extends UserError<'PIC_SCRIPT_NOT_FOUND'> {
  constructor(reference: string) {
    const message = `There is no script ${quote(reference)}.`
    super({ code: 'PIC_SCRIPT_NOT_FOUND', status: 404, message })
  }
}

export class ScriptNameTakenError extends UserError<'PIC_SCRIPT_NAME_TAKEN'> {
  constructor(name: string) {
    const message = `The app has a script named ${quote(name)} already.`
    super({
      code: 'PIC_SCRIPT_NAME_TAKEN',
      status: 409,
      message,
      errors: [{ pointer: '/name', message }],
    })
  }
}

/** Where and why the compiler gave up; `line` and `column` count from 1, 0 is unknown. */
export interface CompileFault {
  readonly kind: string
  readonly text: string
  readonly message: string
  readonly line: number
  readonly column: number
}

export class ScriptCompileError extends UserError<'PIC_SCRIPT_COMPILE'> {
  constructor(fault: CompileFault, cause: unknown) {
    super({
      code: 'PIC_SCRIPT_COMPILE',
      status: 422,
      message: `The script does not compile, so nothing was stored: ${fault.message}`,
      errors: [{ pointer: '/source', message: fault.message }],
      details: {
        line: fault.line,
        column: fault.column,
        kind: fault.kind,
        compile_message: fault.text,
      },
      cause,
    })
  }
}

export class ScriptSourceTooLargeError extends UserError<'PIC_SCRIPT_SOURCE_TOO_LARGE'> {
  constructor(bytes: number, bytesMax: number) {
    const message = `The source has ${bytes} bytes in UTF-8; the limit is ${bytesMax}.`
    super({
      code: 'PIC_SCRIPT_SOURCE_TOO_LARGE',
      status: 413,
      message: `${message} PICLOUD_LIMIT_SOURCE_BYTES raises it.`,
      errors: [{ pointer: '/source', message }],
      details: { limit: { name: 'sourceBytesMax', value: bytesMax, unit: 'bytes' } },
    })
  }
}

export class ScriptInUseError extends UserError<'PIC_SCRIPT_IN_USE'> {
  constructor(name: string, routes: readonly RouteName[]) {
    super({
      code: 'PIC_SCRIPT_IN_USE',
      status: 409,
      message:
        `The script ${quote(name)} answers ${listRoutes(routes)}. ` +
        'Repeat with ?force=true to delete them with it.',
      details: { routes: routes.map(routeDetail) },
    })
  }
}

// --- Routes --------------------------------------------------------------------------------------

export class RouteNotFoundError extends UserError<'PIC_ROUTE_NOT_FOUND'> {
  constructor(id: string) {
    const message = `There is no route with the id ${quote(id)}.`
    super({ code: 'PIC_ROUTE_NOT_FOUND', status: 404, message })
  }
}

export class RouteConflictError extends UserError<'PIC_ROUTE_CONFLICT'> {
  constructor(other: RouteName) {
    super({
      code: 'PIC_ROUTE_CONFLICT',
      status: 409,
      message: `The app has ${nameRoute(other)} already, which matches the same requests.`,
      errors: [{ pointer: '/path_pattern', message: `Collides with ${nameRoute(other)}.` }],
      details: { route: routeDetail(other) },
    })
  }
}

export class RouteHostUnclaimedError extends UserError<'PIC_ROUTE_HOST_UNCLAIMED'> {
  constructor(hostPattern: string, claims: readonly string[]) {
    const own = claims.length === 0 ? 'It claims none.' : `Its claims: ${claims.join(', ')}.`
    const message = `${hostPattern} is outside what the app claims. ${own} Claim the domain first.`
    super({
      code: 'PIC_ROUTE_HOST_UNCLAIMED',
      status: 422,
      message,
      errors: [{ pointer: '/host_pattern', message }],
    })
  }
}

// --- Executions and tokens -----------------------------------------------------------------------

export class ExecutionNotFoundError extends UserError<'PIC_EXECUTION_NOT_FOUND'> {
  constructor(id: string) {
    const message = `There is no execution with the id ${quote(id)}.`
    super({ code: 'PIC_EXECUTION_NOT_FOUND', status: 404, message })
  }
}

export class FollowersTooManyError extends UserError<'PIC_FOLLOWERS_TOO_MANY'> {
  constructor(countMax: number) {
    super({
      code: 'PIC_FOLLOWERS_TOO_MANY',
      status: 503,
      message: `${countMax} clients follow the log already. Ask without wait_ms, or later.`,
    })
  }
}

export class TokenNotFoundError extends UserError<'PIC_TOKEN_NOT_FOUND'> {
  constructor(id: string) {
    const message = `There is no token with the id ${quote(id)}.`
    super({ code: 'PIC_TOKEN_NOT_FOUND', status: 404, message })
  }
}

// -------------------------------------------------------------------------------------------------

const ROUTES_LISTED_MAX = 3

function listRoutes(routes: readonly RouteName[]): string {
  const named = routes.slice(0, ROUTES_LISTED_MAX).map(nameRoute)
  const rest = routes.length - named.length
  return rest > 0 ? `${named.join(', ')} and ${rest} more` : named.join(', ')
}

function nameRoute(route: RouteName): string {
  return `the route ${route.method} ${route.hostPattern ?? ''}${route.pathPattern}`
}

function routeDetail(route: RouteName): object {
  return {
    id: route.id,
    method: route.method,
    host_pattern: route.hostPattern,
    path_pattern: route.pathPattern,
  }
}

function summaryOf(errors: readonly FieldError[]): string {
  const first = errors[0]
  if (first === undefined) return 'it does not have the documented shape.'
  const place = first.pointer === '' ? '' : `${first.pointer}: `
  const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : ''
  return `${place}${first.message}${more}`
}

/** What a client sent is quoted back to it, never whole pages of it. */
function quote(text: string): string {
  return JSON.stringify(text.length > 100 ? `${text.slice(0, 100)}...` : text)
}
