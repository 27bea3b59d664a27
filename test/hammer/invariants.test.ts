import { RoutingTables } from '@picloud/orchestrator-core'
import type {
  AppId,
  DomainId,
  RoutedApp,
  RoutedDomain,
  RouteId,
  ScriptId,
  ScriptVersionId,
} from '@picloud/shared'
import type { ControlPlaneRows } from '@picloud/storage/testing'
import { describe, expect, it } from 'vitest'
import type { WriteTold } from './client.ts'
import { brokenInvariants, type Evidence, INVARIANTS } from './invariants.ts'

const APP = '018f0000-0000-7000-8000-000000000001' as AppId
const SCRIPT = '018f0000-0000-7000-8000-000000000002' as ScriptId
const OTHER_APP = '018f0000-0000-7000-8000-000000000003'
const CLAIM = { id: 'claim', app_id: APP, pattern: '*.shop.example', shape_key: '*.shop.example' }
const ROUTE = {
  id: 'route',
  app_id: APP,
  script_id: SCRIPT,
  method: 'GET',
  host_pattern: 'a.shop.example',
  path_pattern: '/a/:id',
  enabled: true,
}
const MADE: WriteTold = {
  what: 'POST',
  requestId: 'made',
  status: 201,
  isRehearsal: false,
  changedNothing: false,
}

const ROWS: ControlPlaneRows = {
  apps: [
    { id: APP, slug: 'shop' },
    { id: OTHER_APP, slug: 'blog' },
  ],
  app_slug_history: [{ slug: 'store', app_id: APP }],
  app_domains: [CLAIM],
  scripts: [{ id: SCRIPT, app_id: APP, name: 'main', version: 1, latest_version: 2 }],
  script_versions: [
    { script_id: SCRIPT, version: 1 },
    { script_id: SCRIPT, version: 2 },
  ],
  script_activations: [
    { script_id: SCRIPT, number: 1, version: 2 },
    { script_id: SCRIPT, number: 2, version: 1 },
  ],
  routes: [ROUTE],
  audit_log: [{ request_id: 'made', action: 'app.create' }],
  change_state: [{ sequence: 8 }],
}

function evidenceOf(rows: Partial<ControlPlaneRows> = {}, rest: Partial<Evidence> = {}): Evidence {
  return {
    rows: { ...ROWS, ...rows },
    sequenceBefore: 7,
    told: [MADE, { ...MADE, requestId: 'refused', status: 409 }],
    followed: tablesOf(),
    loaded: tablesOf(),
    ...rest,
  }
}

function tablesOf(change: Partial<RoutedApp> = {}): RoutingTables {
  const tables = new RoutingTables()
  const domain: RoutedDomain = { id: 'claim' as DomainId, pattern: CLAIM.pattern }
  const app: RoutedApp = {
    id: APP,
    slug: 'shop',
    showErrorDetail: false,
    cors: null,
    serverTiming: false,
    services: null,
    egress: null,
    limits: {},
    recordSamplingPercent: null,
    domains: [domain],
    routes: [
      {
        id: 'route' as RouteId,
        method: 'GET',
        hostPattern: ROUTE.host_pattern,
        pathPattern: ROUTE.path_pattern,
        scriptId: SCRIPT,
        enabled: true,
        idempotency: null,
      },
    ],
    scripts: [
      {
        id: SCRIPT,
        name: 'main',
        versionId: 'version' as ScriptVersionId,
        version: 1,
        source: '1',
      },
    ],
  }
  tables.replaceAll([{ ...app, ...change }])
  return tables
}

/** Of each invariant, evidence that it is broken. */
const BROKEN: Readonly<Record<string, Evidence>> = {
  'a slug is the slug of one app': evidenceOf({
    apps: [...ROWS.apps, { id: 'third', slug: 'blog' }],
  }),
  'no slug is current and former': evidenceOf({
    app_slug_history: [{ slug: 'blog', app_id: APP }],
  }),
  'a former slug leads to one app that is there': evidenceOf({
    app_slug_history: [{ slug: 'store', app_id: 'gone' }],
  }),
  'a shape of hosts is claimed once': evidenceOf({
    app_domains: [CLAIM, { ...CLAIM, id: 'second', app_id: OTHER_APP }],
  }),
  'a claim is in normal form, with the shape of its pattern': evidenceOf({
    app_domains: [CLAIM, { ...CLAIM, pattern: 'Blog.example', shape_key: 'blog.example' }],
  }),
  'claims, scripts and routes belong to an app that is there': evidenceOf({
    app_domains: [
      CLAIM,
      { ...CLAIM, app_id: 'gone', pattern: 'a.example', shape_key: 'a.example' },
    ],
  }),
  "an enabled route's host lies in a claim of its app": evidenceOf({
    app_domains: [{ ...CLAIM, app_id: OTHER_APP }],
  }),
  'no two routes of an app match the same requests': evidenceOf({
    routes: [ROUTE, { ...ROUTE, id: 'second', path_pattern: '/a/:key' }],
  }),
  "a route's script belongs to its app": evidenceOf({
    scripts: ROWS.scripts.map((script) => ({ ...script, app_id: OTHER_APP })),
  }),
  'a name is the name of one script of an app': evidenceOf({
    scripts: [...ROWS.scripts, ...ROWS.scripts],
  }),
  'versions of a script count from 1 to the latest without a hole': evidenceOf({
    script_versions: [...ROWS.script_versions, { script_id: SCRIPT, version: 4 }],
  }),
  'the active version of a script is there, and not after the latest': evidenceOf({
    scripts: ROWS.scripts.map((script) => ({ ...script, version: 3 })),
  }),
  'the last activation of a script is of its active version': evidenceOf({
    script_activations: ROWS.script_activations.slice(0, 1),
  }),
  'a write that was made is in the audit log': evidenceOf({ audit_log: [] }),
  'what was refused, or only rehearsed, is not in the audit log': evidenceOf({
    audit_log: [...ROWS.audit_log, { request_id: 'refused', action: 'app.create' }],
  }),
  'the change sequence counts the writes that were made, and no other': evidenceOf({
    change_state: [{ sequence: 9 }],
  }),
  'a node that followed the changes routes like one that read everything': evidenceOf(
    {},
    { followed: tablesOf({ routes: [] }) },
  ),
}

describe('the invariants of the control plane', () => {
  it('hold of a control plane that is whole', () => {
    expect(brokenInvariants(evidenceOf())).toEqual([])
  })

  it.each(INVARIANTS)('$name: a breach is found', ({ name, broken }) => {
    const evidence = BROKEN[name]
    expect(evidence).toBeDefined()
    if (evidence !== undefined) expect(broken(evidence)).not.toEqual([])
  })
})
