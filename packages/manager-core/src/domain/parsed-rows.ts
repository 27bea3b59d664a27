/**
 * What apps have claimed and routed, with the patterns parsed.
 *
 * A row that breaks today's rules (made by an older version, or by hand in the database) is left
 * out, as the nodes leave it out of their tables.
 *
 * @module
 */
import {
  type AppId,
  type HostPattern,
  PicloudError,
  parseHostPattern,
  parseRoutePatterns,
  type RoutePatterns,
  type ScriptId,
} from '@picloud/shared'
import type { Database, DomainRow, RouteRow, WriteTransaction } from '@picloud/storage'

export interface ParsedClaim {
  readonly row: DomainRow
  readonly hostPattern: HostPattern
}

export interface ParsedRoute extends RoutePatterns {
  readonly row: RouteRow
  readonly scriptId: ScriptId | null
  readonly enabled: boolean
}

type Stores = Pick<Database, 'domains' | 'routes'> | Pick<WriteTransaction, 'domains' | 'routes'>

export async function claimsOf(stores: Stores, appId: AppId): Promise<readonly ParsedClaim[]> {
  return parseClaims(await stores.domains.listAll(appId))
}

export async function routesOf(stores: Stores, appId: AppId): Promise<readonly ParsedRoute[]> {
  const rows = await stores.routes.listAll(appId)
  return parsed(rows, (row) => {
    const { scriptId, enabled } = row
    return { ...parseRoutePatterns(row), row, scriptId, enabled }
  })
}

export function parseClaims(rows: readonly DomainRow[]): readonly ParsedClaim[] {
  return parsed(rows, (row) => ({ row, hostPattern: parseHostPattern(row.pattern) }))
}

function parsed<Row, Parsed>(rows: readonly Row[], parse: (row: Row) => Parsed): Parsed[] {
  return rows.flatMap((row) => {
    try {
      return [parse(row)]
    } catch (error) {
      if (error instanceof PicloudError) return []
      throw error
    }
  })
}
