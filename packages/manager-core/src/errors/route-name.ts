/**
 * A route, as messages and details of errors name it.
 *
 * @module
 */

export interface RouteName {
  readonly id: string
  readonly method: string
  readonly hostPattern: string | null
  readonly pathPattern: string
}

const ROUTES_LISTED_MAX = 3

export function listRoutes(routes: readonly RouteName[]): string {
  const named = routes.slice(0, ROUTES_LISTED_MAX).map(nameRoute)
  const rest = routes.length - named.length
  return rest > 0 ? `${named.join(', ')} and ${rest} more` : named.join(', ')
}

export function nameRoute(route: RouteName): string {
  return `the route ${route.method} ${route.hostPattern ?? ''}${route.pathPattern}`
}

export function routeDetail(route: RouteName): object {
  return {
    id: route.id,
    method: route.method,
    host_pattern: route.hostPattern,
    path_pattern: route.pathPattern,
  }
}
