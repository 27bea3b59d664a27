/**
 * Errors of routes.
 *
 * @module
 */
import { nameRoute, type RouteName, routeDetail } from './route-name.ts'
import { quote, UserError } from './user-error.ts'

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

export class RouteUnreachableError extends UserError<'PIC_ROUTE_UNREACHABLE'> {
  constructor(pathPattern: string, prefix: string) {
    const message = `${pathPattern} would never be reached: on every host ${prefix} runs scripts by their ids.`
    super({
      code: 'PIC_ROUTE_UNREACHABLE',
      status: 422,
      message,
      errors: [{ pointer: '/path_pattern', message }],
    })
  }
}
