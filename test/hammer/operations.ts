/**
 * What the hammering clients do: operations on a few slugs, hosts, names and paths, so that they
 * meet all the time.
 *
 * Each reads what is there and then writes, as people and programs do; in between the others write.
 *
 * @module
 */
import type { Answer } from '../../packages/manager-core/test/manager-under-test.ts'
import type { HammerClient } from './client.ts'

type Some<T> = readonly [T, ...T[]]

const SLUGS: Some<string> = ['alpha', 'beta', 'gamma', 'delta', 'epsilon', 'zeta', 'eta', 'theta']
/** Several of one shape, some that lie in others, and one that nobody may have. */
const HOST_PATTERNS: Some<string> = [
  'shop.example.com',
  'SHOP.example.com.',
  '*.example.com',
  '{tenant}.example.com',
  '{name}.Example.com',
  'a.shop.example.com',
  '*.shop.example.com',
  'bücher.example',
  'xn--bcher-kva.example',
  '192.168.1.10',
  '*.com',
]
const PATH_PATTERNS: Some<string> = ['/', '/a', '/a/:id', '/a/:key', '/a/*', '/*rest', '/%61']
const METHODS: Some<string> = ['*', 'GET', 'POST', 'HEAD']
const NAMES: Some<string> = ['main', 'lib', 'job']
const SOURCES: Some<string> = ['1', '2', 'import "lib" as lib; 3', '`four`', 'let x = ;']

export interface Operation {
  readonly name: string
  /** How often, beside the others. */
  readonly weight: number
  readonly run: (client: HammerClient) => Promise<void>
}

const OPERATIONS: readonly Operation[] = [
  {
    name: 'create an app',
    weight: 3,
    run: (client) => {
      const { random } = client
      const json = { slug: random.pick(SLUGS), force: random.chance(0.3) }
      return client.write('POST', '/apps', { json })
    },
  },
  {
    name: 'rename an app',
    weight: 8,
    run: async (client) => {
      const { random } = client
      const app = random.pick(SLUGS)
      const ifMatch = random.chance(0.5) ? etagOf(await client.read(`/apps/${app}`)) : undefined
      const json = { slug: random.pick(SLUGS), force: random.chance(0.4) }
      await client.write('PATCH', `/apps/${app}`, { json, ifMatch })
    },
  },
  {
    name: 'change what an app decides',
    weight: 1,
    run: (client) => {
      const json = { settings: { show_error_detail: client.random.chance(0.5) } }
      return client.write('PATCH', `/apps/${client.random.pick(SLUGS)}`, { json })
    },
  },
  {
    name: 'release a former slug',
    weight: 1,
    run: async (client) => {
      const app = client.random.pick(SLUGS)
      const former = client.random.among(await client.list(`/apps/${app}/slugs`))
      if (former !== undefined) await client.write('DELETE', `/apps/${app}/slugs/${former.slug}`)
    },
  },
  {
    name: 'delete an app',
    weight: 2,
    run: (client) => {
      const query = client.random.chance(0.4) ? '?force=true' : ''
      return client.write('DELETE', `/apps/${client.random.pick(SLUGS)}${query}`)
    },
  },
  {
    name: 'make an app what a document says',
    weight: 5,
    run: async (client) => {
      const { random } = client
      const app = random.pick(SLUGS)
      const there = await client.read(`/apps/${app}/manifest`)
      if (there.status !== 200) return
      const ifMatch = random.chance(0.4) ? etagOf(there) : undefined
      const path = `/apps/${app}/manifest`
      const json = otherManifest(client, there.body)
      if (random.chance(0.2)) await client.rehearse('PUT', `${path}?dry_run=true`, json)
      const changedNothing = ({ body }: Answer) => body.changes.length === 0
      await client.write('PUT', path, { json, ifMatch, changedNothing })
    },
  },
  {
    name: 'claim a domain',
    weight: 6,
    run: (client) => {
      const json = { pattern: client.random.pick(HOST_PATTERNS) }
      return client.write('POST', `/apps/${client.random.pick(SLUGS)}/domains`, { json })
    },
  },
  {
    name: 'release a domain',
    weight: 3,
    run: async (client) => {
      const { random } = client
      const app = random.pick(SLUGS)
      const claim = random.among(await client.list(`/apps/${app}/domains`))
      const query = random.chance(0.5) ? '?force=true' : ''
      if (claim !== undefined) {
        await client.write('DELETE', `/apps/${app}/domains/${claim.id}${query}`)
      }
    },
  },
  {
    name: 'create a script',
    weight: 4,
    run: async (client) => {
      const { random } = client
      const app = random.among(await client.list('/apps'))
      const json = { app_id: app?.id, name: random.pick(NAMES), source: random.pick(SOURCES) }
      await client.write('POST', '/scripts', { json })
    },
  },
  {
    name: 'save a script',
    weight: 5,
    run: async (client) => {
      const { random } = client
      const script = await someScript(client)
      if (script === undefined) return
      const json = { source: random.pick(SOURCES), activate: random.chance(0.6) }
      await client.write('PUT', `/scripts/${script.id}`, {
        json,
        ifMatch: random.chance(0.3) ? `"${script.revision}"` : undefined,
        changedNothing: ({ body }) => body.revision === script.revision || !body.saved.is_new,
      })
    },
  },
  {
    name: 'rename a script',
    weight: 1,
    run: async (client) => {
      const script = await someScript(client)
      if (script === undefined) return
      const name = client.random.pick(NAMES)
      const query = client.random.chance(0.5) ? '?force=true' : ''
      const path = `/scripts/${script.id}${query}`
      await client.write('PATCH', path, { json: { name }, changedNothing: () => true })
    },
  },
  {
    name: 'activate a version',
    weight: 3,
    run: async (client) => {
      const script = await someScript(client)
      if (script === undefined) return
      const version = client.random.among([1, 2, 3, script.latest_version])
      const path = `/scripts/${script.id}/versions/${version}:activate`
      await client.write('POST', path, { changedNothing: () => true })
    },
  },
  {
    name: 'roll back a script',
    weight: 2,
    run: async (client) => {
      const script = await someScript(client)
      if (script !== undefined) await client.write('POST', `/scripts/${script.id}:rollback`)
    },
  },
  {
    name: 'delete a script',
    weight: 1,
    run: async (client) => {
      const script = await someScript(client)
      const query = client.random.chance(0.5) ? '?force=true' : ''
      if (script !== undefined) await client.write('DELETE', `/scripts/${script.id}${query}`)
    },
  },
  {
    name: 'add a route',
    weight: 8,
    run: async (client) => {
      const script = await someScript(client)
      if (script === undefined) return
      const json = { app_id: script.app_id, ...aimOf(client, script.id) }
      await client.write('POST', '/routes', { json })
    },
  },
  {
    name: 'change a route',
    weight: 5,
    run: async (client) => {
      const { random } = client
      const route = random.among(await client.list('/routes'))
      const script = await someScript(client)
      if (route === undefined || script === undefined) return
      const members = Object.entries(aimOf(client, script.id))
      const json = Object.fromEntries(members.filter(() => random.chance(0.4)))
      const ifMatch = random.chance(0.3) ? `"${route.revision}"` : undefined
      await client.write('PATCH', `/routes/${route.id}`, { json, ifMatch })
    },
  },
  {
    name: 'delete a route',
    weight: 2,
    run: async (client) => {
      const route = client.random.among(await client.list('/routes'))
      if (route !== undefined) await client.write('DELETE', `/routes/${route.id}`)
    },
  },
]

const TICKETS = OPERATIONS.flatMap((operation) =>
  Array.from({ length: operation.weight }, () => operation),
)

export async function doSomething(client: HammerClient): Promise<void> {
  await client.random.among(TICKETS)?.run(client)
}

// biome-ignore lint/suspicious/noExplicitAny: as the API answered it
async function someScript(client: HammerClient): Promise<any> {
  return client.random.among(await client.list('/scripts'))
}

function aimOf({ random }: HammerClient, scriptId: string): object {
  return {
    script_id: random.chance(0.85) ? scriptId : null,
    method: random.pick(METHODS),
    host_pattern: random.chance(0.5) ? random.pick(HOST_PATTERNS) : null,
    path_pattern: random.pick(PATH_PATTERNS),
    enabled: random.chance(0.8),
  }
}

/** The same with a thing left out, and others added. */
// biome-ignore lint/suspicious/noExplicitAny: as the API answered it
function otherManifest({ random }: HammerClient, manifest: any): object {
  const { domains, scripts, routes } = manifest as Record<string, readonly { name: string }[]>
  const name = random.pick(NAMES)
  const without = <T>(items: readonly T[] | undefined, chance: number) => {
    const dropped = random.chance(chance) ? random.among(items ?? []) : undefined
    return (items ?? []).filter((item) => item !== dropped)
  }
  return {
    ...manifest,
    domains: [
      ...without(domains, 0.3),
      ...(random.chance(0.4) ? [random.pick(HOST_PATTERNS)] : []),
    ],
    scripts: [
      ...without(scripts, 0.2).filter((script) => script.name !== name),
      { name, source: random.pick(SOURCES) },
    ],
    routes: [
      ...without(routes, 0.3),
      {
        method: random.pick(METHODS),
        host_pattern: random.chance(0.5) ? random.pick(HOST_PATTERNS) : null,
        path_pattern: random.pick(PATH_PATTERNS),
        script: name,
      },
    ],
  }
}

function etagOf(answer: Answer): string | undefined {
  return answer.headers.get('etag') ?? undefined
}
