/**
 * Routes in words, as errors of the API name them too.
 *
 * @module
 */
export interface RoutePlace {
  readonly method: string
  readonly host_pattern: string | null
  readonly path_pattern: string
}

/** `GET /users/:id`, `* shop.example.com/cart`. */
export function routeText({ method, host_pattern, path_pattern }: RoutePlace): string {
  return `${method} ${host_pattern ?? ''}${path_pattern}`
}
