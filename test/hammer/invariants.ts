/**
 * What must be true of the control plane whatever was asked of it, one named check each.
 *
 * A check is a function of what was read and heard; it answers what is wrong, in words. None of
 * them asks the rules that refuse requests, except for the pure functions of patterns.
 *
 * @module
 */
import type { RoutingTables } from '@picloud/orchestrator-core'
import {
  hostPatternCovers,
  parseHostPattern,
  parseRoutePatterns,
  routesConflict,
  shapeKey,
} from '@picloud/shared'
import type { ControlPlaneRows } from '@picloud/storage/testing'
import type { WriteTold } from './client.ts'
import { differencesBetween } from './routing-differences.ts'

export interface Evidence {
  readonly rows: ControlPlaneRows
  /** Change sequence before the first write. */
  readonly sequenceBefore: number
  /** Every write that was asked for, and what the answer was. */
  readonly told: readonly WriteTold[]
  /** Of a node that heard of every change. */
  readonly followed: RoutingTables
  /** Of a node that read everything at the end. */
  readonly loaded: RoutingTables
}

export interface Invariant {
  readonly name: string
  /** Empty: it holds. */
  readonly broken: (evidence: Evidence) => readonly string[]
}

export const INVARIANTS: readonly Invariant[] = [
  {
    name: 'a slug is the slug of one app',
    broken: ({ rows }) => repeated(rows.apps.map(({ slug }) => slug)),
  },
  {
    name: 'no slug is current and former',
    broken: ({ rows }) => {
      const current = new Set(rows.apps.map(({ slug }) => slug))
      return rows.app_slug_history.map(({ slug }) => slug).filter((slug) => current.has(slug))
    },
  },
  {
    name: 'a former slug leads to one app that is there',
    broken: ({ rows }) => [
      ...repeated(rows.app_slug_history.map(({ slug }) => slug)),
      ...strangers(rows.app_slug_history, idsOf(rows.apps)).map(({ slug }) => slug),
    ],
  },
  {
    name: 'a shape of hosts is claimed once',
    broken: ({ rows }) => repeated(rows.app_domains.map((claim) => claim.shape_key)),
  },
  {
    name: 'a claim is in normal form, with the shape of its pattern',
    broken: ({ rows }) =>
      rows.app_domains.flatMap((claim) => {
        const pattern = parseHostPattern(claim.pattern)
        const fits = pattern.text === claim.pattern && shapeKey(pattern) === claim.shape_key
        return fits ? [] : [`${claim.pattern} as ${claim.shape_key}`]
      }),
  },
  {
    name: 'claims, scripts and routes belong to an app that is there',
    broken: ({ rows }) => {
      const apps = idsOf(rows.apps)
      const all = [...rows.app_domains, ...rows.scripts, ...rows.routes]
      return strangers(all, apps).map(({ id }) => id)
    },
  },
  {
    name: "an enabled route's host lies in a claim of its app",
    broken: ({ rows }) =>
      rows.routes.flatMap((route) => {
        if (!route.enabled || route.host_pattern === null) return []
        const host = parseHostPattern(route.host_pattern)
        const claims = rows.app_domains.filter((claim) => claim.app_id === route.app_id)
        const covers = claims.some(({ pattern }) =>
          hostPatternCovers(parseHostPattern(pattern), host),
        )
        return covers ? [] : [textOf(route)]
      }),
  },
  {
    name: 'no two routes of an app match the same requests',
    broken: ({ rows }) =>
      rows.routes.flatMap((route, index) =>
        rows.routes
          .slice(index + 1)
          .filter((other) => other.app_id === route.app_id)
          .filter((other) => routesConflict(patternsOf(other), patternsOf(route)))
          .map((other) => `${textOf(route)} and ${textOf(other)}`),
      ),
  },
  {
    name: "a route's script belongs to its app",
    broken: ({ rows }) => {
      const appOf = new Map(rows.scripts.map((script) => [script.id, script.app_id]))
      return rows.routes
        .filter(({ script_id: id, app_id: app }) => id !== null && appOf.get(id) !== app)
        .map(textOf)
    },
  },
  {
    name: 'a name is the name of one script of an app',
    broken: ({ rows }) => repeated(rows.scripts.map((script) => `${script.app_id} ${script.name}`)),
  },
  {
    name: 'versions of a script count from 1 to the latest without a hole',
    broken: ({ rows }) =>
      rows.scripts.flatMap((script) => {
        const numbers = versionsOf(rows, script.id)
        const wanted = Array.from({ length: script.latest_version }, (_, index) => index + 1)
        const same = numbers.join() === wanted.join()
        return same ? [] : [`${script.name} has ${numbers}, latest ${script.latest_version}`]
      }),
  },
  {
    name: 'the active version of a script is there, and not after the latest',
    broken: ({ rows }) =>
      rows.scripts
        .filter(({ id, version, latest_version: latest }) => {
          return !versionsOf(rows, id).includes(version) || version > latest
        })
        .map(({ name, version }) => `${name} runs version ${version}`),
  },
  {
    name: 'the last activation of a script is of its active version',
    broken: ({ rows }) =>
      rows.scripts.flatMap((script) => {
        const [last] = rows.script_activations
          .filter((activation) => activation.script_id === script.id)
          .toSorted((a, b) => b.number - a.number)
        const same = last?.version === script.version
        return same ? [] : [`${script.name}: ${last?.version}, not ${script.version}`]
      }),
  },
  {
    name: 'a write that was made is in the audit log',
    broken: ({ rows, told }) => {
      const logged = new Set(rows.audit_log.map((entry) => entry.request_id))
      return told
        .filter((write) => isMade(write) && !write.changedNothing && !logged.has(write.requestId))
        .map(textOfWrite)
    },
  },
  {
    name: 'what was refused, or only rehearsed, is not in the audit log',
    broken: ({ rows, told }) => {
      const logged = new Set(rows.audit_log.map((entry) => entry.request_id))
      return told.filter((write) => !isMade(write) && logged.has(write.requestId)).map(textOfWrite)
    },
  },
  {
    name: 'the change sequence counts the writes that were made, and no other',
    broken: ({ rows, told, sequenceBefore }) => {
      const grown = (rows.change_state[0]?.sequence ?? 0) - sequenceBefore
      const made = told.filter(isMade).length
      return grown === made ? [] : [`it grew by ${grown}, ${made} writes were made`]
    },
  },
  {
    name: 'a node that followed the changes routes like one that read everything',
    broken: ({ rows, followed, loaded }) => differencesBetween(followed, loaded, rows),
  },
]

/** Everything that is wrong, each with the name of what it breaks. */
export function brokenInvariants(evidence: Evidence): readonly string[] {
  return INVARIANTS.flatMap(({ name, broken }) => broken(evidence).map((how) => `${name}: ${how}`))
}

export function isMade({ status, isRehearsal }: WriteTold): boolean {
  return status < 300 && !isRehearsal
}

function textOfWrite({ what, status }: WriteTold): string {
  return `${what} (${status})`
}

type RouteRow = ControlPlaneRows['routes'][number]

function patternsOf(route: RouteRow) {
  return parseRoutePatterns({
    method: route.method,
    hostPattern: route.host_pattern,
    pathPattern: route.path_pattern,
  })
}

function textOf(route: RouteRow): string {
  return `${route.method} ${route.host_pattern ?? ''}${route.path_pattern} of ${route.app_id}`
}

function versionsOf(rows: ControlPlaneRows, scriptId: string): readonly number[] {
  return rows.script_versions
    .filter((version) => version.script_id === scriptId)
    .map(({ version }) => version)
    .sort((a, b) => a - b)
}

function idsOf(rows: readonly { readonly id: string }[]): ReadonlySet<string> {
  return new Set(rows.map(({ id }) => id))
}

function strangers<Row extends { readonly app_id: string }>(
  rows: readonly Row[],
  apps: ReadonlySet<string>,
): readonly Row[] {
  return rows.filter((row) => !apps.has(row.app_id))
}

function repeated(texts: readonly string[]): readonly string[] {
  return texts.filter((text, index) => texts.indexOf(text) !== index)
}
