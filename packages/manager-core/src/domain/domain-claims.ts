/**
 * Rules of domain claims: which hosts an app answers for.
 *
 * Two claims with one shape answer for the same hosts, so the second is refused whoever makes it,
 * naming the claim it meets and nothing else of the app that holds it. A claim that a route's own
 * host pattern depends on is not released by accident: an enabled route's host always lies inside
 * its app's claims. Knows nothing of HTTP.
 *
 * @module
 */
import assert from 'node:assert/strict'
import {
  type AppId,
  type DomainId,
  type HostPattern,
  hostPatternCovers,
  isId,
  parseHostPattern,
  shapeKey,
} from '@picloud/shared'
import type {
  Database,
  DomainRow,
  Page,
  PageRequest,
  RouteRow,
  WriteTransaction,
} from '@picloud/storage'
import { DomainClaimedError, DomainInUseError, DomainNotFoundError } from '../errors/domains.ts'
import { findApp } from './apps.ts'
import type { Author } from './author.ts'
import { requireClaimable } from './claim-rules.ts'
import type { ControlTransaction, ControlWrites } from './control-writes.ts'
import { asField } from './field.ts'
import { claimsOf, routesOf } from './parsed-rows.ts'
import { domainSnapshot, domainSubject, routeSnapshot, routeSubject } from './snapshots.ts'

export class DomainClaims {
  readonly #database: Database
  readonly #writes: ControlWrites
  readonly #adminHost: string | null

  /** @param adminHost the one the operator named, normalised */
  constructor(database: Database, writes: ControlWrites, adminHost: string | null) {
    this.#database = database
    this.#writes = writes
    this.#adminHost = adminHost
  }

  async list(appReference: string, page: PageRequest): Promise<Page<DomainRow>> {
    const app = await findApp(this.#database, appReference)
    return this.#database.domains.list({ appId: app.id, ...page })
  }

  claim(by: Author, appReference: string, written: string): Promise<DomainRow> {
    const pattern = asField('/pattern', () => parseHostPattern(written))
    requireClaimable(pattern, this.#adminHost)
    return this.#writes.run(by, async (tx) =>
      claimDomain(tx, (await findApp(tx, appReference)).id, pattern),
    )
  }

  /** Releases a claim no route depends on. @throws {@link DomainInUseError} naming the routes */
  release(by: Author, appReference: string, id: string): Promise<void> {
    return this.#writes.run(by, async (tx) =>
      releaseDomain(tx, await findClaim(tx, appReference, id)),
    )
  }

  /** Routes that depend on the claim stay, switched off until the app claims their host again. */
  releaseUnderRoutes(by: Author, appReference: string, id: string): Promise<void> {
    return this.#writes.run(by, async (tx) => {
      const claim = await findClaim(tx, appReference, id)
      const routes = await routesOnlyUnder(tx, claim)
      await release(tx, claim)
      for (const route of await tx.routes.disable(routes.map(({ id }) => id))) {
        const after = routeSnapshot(route)
        const was = { ...after, enabled: true }
        tx.record({ action: 'route.update', ...routeSubject(route), before: was, after })
      }
    })
  }
}

/**
 * For a pattern that may be claimed at all.
 *
 * @throws {@link DomainClaimedError}
 */
export async function claimDomain(
  tx: ControlTransaction,
  appId: AppId,
  pattern: HostPattern,
): Promise<DomainRow> {
  const claim = { pattern: pattern.text, shapeKey: shapeKey(pattern) }
  const held = await tx.domains.findByShapeKey(claim.shapeKey)
  if (held !== null) {
    const sameApp = held.appId === appId
    throw new DomainClaimedError(claim.pattern, { pattern: held.pattern, sameApp })
  }
  const made = await tx.domains.claim({ appId, ...claim })
  tx.record({
    action: 'domain.claim',
    ...domainSubject(made),
    before: null,
    after: domainSnapshot(made),
  })
  return made
}

/** Writes a claim in another way that answers for the same hosts: no route loses its host. */
export async function respellDomain(
  tx: ControlTransaction,
  claim: DomainRow,
  pattern: HostPattern,
): Promise<DomainRow> {
  assert(claim.shapeKey === shapeKey(pattern), 'another spelling of a claim is the same claim')
  await release(tx, claim)
  return claimDomain(tx, claim.appId, pattern)
}

/** @throws {@link DomainInUseError} */
export async function releaseDomain(tx: ControlTransaction, claim: DomainRow): Promise<void> {
  const routes = await routesOnlyUnder(tx, claim)
  if (routes.length > 0) throw new DomainInUseError(claim.pattern, routes)
  await release(tx, claim)
}

async function release(tx: ControlTransaction, claim: DomainRow): Promise<void> {
  await tx.domains.release(claim.id)
  const before = domainSnapshot(claim)
  tx.record({ action: 'domain.release', ...domainSubject(claim), before, after: null })
}

async function findClaim(
  tx: WriteTransaction,
  appReference: string,
  id: string,
): Promise<DomainRow> {
  const app = await findApp(tx, appReference)
  const claim = isId(id) ? await tx.domains.find(id as DomainId) : null
  if (claim === null || claim.appId !== app.id) throw new DomainNotFoundError(id)
  return claim
}

/** Enabled routes whose own host pattern lies in this claim and in no other of the app. */
async function routesOnlyUnder(tx: WriteTransaction, claim: DomainRow): Promise<RouteRow[]> {
  const others = (await claimsOf(tx, claim.appId)).filter(({ row }) => row.id !== claim.id)
  const released = parseHostPattern(claim.pattern)
  const routes = await routesOf(tx, claim.appId)
  return routes
    .filter(({ enabled, hostPattern: host }) => {
      if (!enabled || host === null || !hostPatternCovers(released, host)) return false
      return !others.some((other) => hostPatternCovers(other.hostPattern, host))
    })
    .map(({ row }) => row)
}
