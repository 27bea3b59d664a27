/**
 * Explains how a request would be placed: reads what is in question from the database and lets the
 * rules the nodes dispatch by say the rest. Changes nothing.
 *
 * @module
 */
import {
  type AppId,
  type Explanation,
  explainRequest,
  shapeKeysOf,
  winningClaim,
} from '@picloud/shared'
import type { AppRow, Database } from '@picloud/storage'
import { QueryInvalidError } from '../errors/requests.ts'
import { readExplainedUrl } from './explained-url.ts'
import { type ParsedClaim, type ParsedRoute, parseClaims, routesOf } from './parsed-rows.ts'

export interface ExplainedRequest extends Explanation<ParsedClaim, ParsedRoute> {
  readonly method: string
  readonly host: string
  readonly path: string
  /** Of the claims. */
  readonly apps: ReadonlyMap<AppId, AppRow>
}

export class Explanations {
  readonly #database: Database
  readonly #adminHost: string | null

  /** @param adminHost the one the operator named, normalised */
  constructor(database: Database, adminHost: string | null) {
    this.#database = database
    this.#adminHost = adminHost
  }

  /** @throws QueryInvalidError when the URL has no host */
  async explain(url: string, method: string): Promise<ExplainedRequest> {
    const read = readExplainedUrl(url)
    if (read === null) {
      const message = 'Must be a URL with a host, such as https://shop.example.com/cart.'
      throw new QueryInvalidError([{ pointer: '/url', message }])
    }
    const adminHost = this.#adminHost
    const claims = parseClaims(await this.#database.domains.listByShapeKeys(shapeKeysOf(read.host)))
    const winner = winningClaim(claims, read.host, adminHost)
    const routes = winner === undefined ? [] : await routesOf(this.#database, winner.row.appId)
    const request = { method: method.toUpperCase(), ...read }
    const explanation = explainRequest(request, { adminHost, claims, routes })
    return { ...request, ...explanation, apps: await this.#appsOf(claims) }
  }

  async #appsOf(claims: readonly ParsedClaim[]): Promise<ReadonlyMap<AppId, AppRow>> {
    const apps = new Map<AppId, AppRow>()
    for (const { row } of claims) {
      const app = apps.has(row.appId) ? null : await this.#database.apps.find(row.appId)
      if (app !== null) apps.set(app.id, app)
    }
    return apps
  }
}
