/**
 * Where an app answers: its routes under the hosts it claims, as URLs to call.
 *
 * @module
 */
import type { Item } from '@picloud/api-client'

type Route = Pick<
  Item<'listRoutes'>,
  'id' | 'script_id' | 'method' | 'host_pattern' | 'path_pattern' | 'enabled'
>

export interface CallAddress {
  readonly routeId: string
  readonly scriptId: string
  /** `*` is any. */
  readonly method: string
  /** May hold `:id`, `*rest`, `*.` and `{tenant}` for the caller to fill in. */
  readonly url: string
}

/**
 * Routes that lead to a script, under one claim of their app; a route with a host pattern of its own
 * stands under that, whatever the claim.
 *
 * @param place.origin of this page: apps answer at the same port, in the same way, as it came from
 */
export function callAddresses(
  routes: readonly Route[],
  { claim, origin }: { readonly claim: string; readonly origin: string },
): readonly CallAddress[] {
  return routes.flatMap(({ id, script_id, method, host_pattern, path_pattern, enabled }) =>
    enabled && script_id !== null
      ? [
          {
            routeId: id,
            scriptId: script_id,
            method,
            url: urlAt(host_pattern ?? claim, path_pattern, origin),
          },
        ]
      : [],
  )
}

/** A command that calls the address. */
export function curlLine({ method, url }: Pick<CallAddress, 'method' | 'url'>): string {
  const asked = method === '*' || method === 'GET' ? '' : ` -X ${method}`
  return `curl -i${asked} ${/[*?{}]/.test(url) ? `'${url}'` : url}`
}

/**
 * A host to offer for an app that has none: below the one this page came from. Names below localhost
 * lead back to the same machine everywhere.
 */
export function suggestedHost(slug: string, hostname: string): string {
  const isAddress = /^[\d.]+$|:/.test(hostname)
  return `${slug}.${isAddress ? 'localhost' : hostname}`
}

function urlAt(host: string, path: string, origin: string): string {
  const { protocol, port } = new URL(origin)
  return `${protocol}//${host}${port === '' ? '' : `:${port}`}${path}`
}
