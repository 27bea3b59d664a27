import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { picloudReading, runHere } from './command-line.ts'
import { type ManagerForCommands, startManagerForCommands, TOKEN } from './manager-for-commands.ts'

let manager: ManagerForCommands
let directory: string

beforeAll(async () => {
  manager = await startManagerForCommands()
  directory = await mkdtemp(join(tmpdir(), 'picloud-cli-'))
  // As `picloud start` leaves it for the command line of this machine.
  await writeFile(join(directory, 'cli-token'), `${TOKEN}\n`, { mode: 0o600 })
})

afterAll(async () => {
  await manager.close()
  await rm(directory, { recursive: true })
})

function environment() {
  return { PICLOUD_SERVER: manager.url, PICLOUD_DATA_DIR: directory }
}

function run(...args: string[]) {
  return runHere(args, environment())
}

/** Runs a command that must work, and gives what it printed as JSON. */
async function json(...args: string[]) {
  const ended = await run(...args, '--json')
  expect(ended.stderr).toBe('')
  expect(ended.code).toBe(0)
  return ended.stdout === '' ? null : JSON.parse(ended.stdout)
}

async function file(name: string, source: string): Promise<string> {
  const path = join(directory, name)
  await writeFile(path, source)
  return path
}

describe('picloud deploy', () => {
  it('creates, leaves alone what is unchanged, and saves what changed', async () => {
    const path = await file('guest.rhai', '#{ n: 1 }')
    const url = `http://localhost:${manager.port}/guest`
    const first = await run('deploy', path, '--route', '/guest')
    expect(first).toEqual({
      code: 0,
      stdout: `${url}\n`,
      stderr: 'Created the script guest.\nCreated the route * /guest.\n',
    })
    const again = await run('deploy', path, '--route', '/guest')
    expect(again).toEqual({
      code: 0,
      stdout: `${url}\n`,
      stderr: 'The script guest is unchanged: still version 1.\nThe route * /guest is in place.\n',
    })
    await file('guest.rhai', '#{ n: 2 }')
    const changed = await json('deploy', path, '--route', '/guest')
    expect(changed).toMatchObject({
      url,
      changes: { script: 'updated', route: 'unchanged' },
      script: { name: 'guest', version: 2, source: '#{ n: 2 }' },
      route: { method: '*', path_pattern: '/guest', host_pattern: null },
    })
  })

  it('takes no route from another script unless told to', async () => {
    const one = await file('one.rhai', '1')
    const two = await file('two.rhai', '2')
    await json('deploy', one, '--route', '/taken/:id', '--method', 'get')
    const refused = await run('deploy', two, '--route', '/taken/:name', '--method', 'GET')
    expect(refused).toEqual({
      code: 6,
      stdout: '',
      stderr:
        'error: The route GET /taken/:id of the app "default" runs another script, one. ' +
        'Nothing was changed. --replace moves the route to this script.\n',
    })
    expect((await run('scripts', 'get', 'two')).code).toBe(5)

    const route = ['--route', '/taken/:name', '--method', 'GET', '--replace']
    const moved = await json('deploy', two, ...route)
    expect(moved.changes).toEqual({ script: 'created', route: 'updated' })
    const back = await json('deploy', one, ...route)
    expect(back.route.id).toBe(moved.route.id)
    expect(back.route.script_id).toBe(back.script.id)
  })

  it('stores nothing that does not compile, and shows where', async () => {
    const path = await file('broken.rhai', 'let a = 1;\nlet b = ;\n')
    const ended = await run('deploy', path, '--route', '/broken')
    expect(ended.code).toBe(1)
    expect(ended.stdout).toBe('')
    expect(ended.stderr).toMatch(
      new RegExp(`^error: ${path}:2:9: .+\n  2 \\| let b = ;\n    \\|         \\^\n$`),
    )
    expect((await run('scripts', 'get', 'broken')).code).toBe(5)
  })

  it('switches a route on again', async () => {
    const path = await file('off.rhai', '1')
    await json('deploy', path, '--route', '/off')
    expect(await json('routes', 'update', '/off', '--disable')).toMatchObject({ enabled: false })
    const { changes, route } = await json('deploy', path, '--route', '/off')
    expect(changes).toEqual({ script: 'unchanged', route: 'updated' })
    expect(route.enabled).toBe(true)
  })

  it('says that an app without a domain answers nowhere', async () => {
    await json('apps', 'create', 'homeless')
    const path = await file('lost.rhai', '1')
    const ended = await run('deploy', path, '--route', '/', '--app', 'homeless')
    expect(ended.code).toBe(0)
    expect(ended.stdout).toBe('')
    expect(ended.stderr).toContain('picloud domains claim HOST --app homeless')
  })

  it('refuses a host the app does not claim, and changes nothing', async () => {
    const path = await file('foreign.rhai', '1')
    const ended = await run('deploy', path, '--route', '/f', '--host', 'Not.Ours.test')
    expect(ended).toEqual({
      code: 5,
      stdout: '',
      stderr:
        'error: The app "default" does not claim not.ours.test. Nothing was changed. ' +
        'Its domains: localhost.\n',
    })
    expect((await run('scripts', 'get', 'foreign')).code).toBe(5)
    const own = await json('deploy', path, '--route', '/f', '--host', 'localhost')
    expect(own).toMatchObject({
      url: `http://localhost:${manager.port}/f`,
      route: { host_pattern: 'localhost' },
    })
  })
})

describe('what runs where', () => {
  it('is told in words and as JSON', async () => {
    const { code, stdout } = await run('system')
    expect(code).toBe(0)
    expect(stdout).toMatch(/^PiCloud 0\.0\.0, schema \d+, since 2/)
    expect(stdout).toMatch(/\nPostgreSQL \d+.*, external: .* MB, \d+ of \d+ connections\n/)
    expect(stdout).toMatch(/ to 2.*: \d+ queries\n/)
    expect((await json('system')).idle.queries).toBeGreaterThan(0)
  })
})

describe('apps and domains', () => {
  it('are checked: where a name leads, which record it needs, which certificate it has', async () => {
    await run('domains', 'claim', 'check.localhost')
    const local = await run('domains', 'check', 'check.localhost')
    expect(local.code).toBe(0)
    expect(local.stdout).toMatch(/^DNS: local\. .*\nTLS: No certificate authority /)
    expect((await json('domains', 'check', 'check.localhost')).dns.state).toBe('local')
    await run('domains', 'claim', 'evil.test')
    const { stdout } = await run('domains', 'check', 'evil.test')
    expect(stdout).toContain('DNS: elsewhere. evil.test leads elsewhere: 8.8.8.8 is no address')
    expect(stdout).toContain('  found   evil.test A 8.8.8.8\n')
    expect(stdout).toContain('  needed  evil.test. IN A 192.0.2.7\n')
    expect(stdout).toContain('  shop.test, issued by Certs\\u{1b}[31m\n')
    expect((await run('domains', 'check', 'nowhere.test')).code).toBe(5)
    for (const pattern of ['check.localhost', 'evil.test']) await run('domains', 'release', pattern)
  })

  it('live and die', async () => {
    const app = await json('apps', 'create', 'shop', '--name', 'The shop')
    expect(app).toMatchObject({ slug: 'shop', name: 'The shop' })
    expect(await json('apps', 'get', 'shop')).toEqual(app)
    expect((await run('apps', 'create', 'shop')).code).toBe(6)
    expect((await run('apps', 'create', 'Not a slug')).code).toBe(2)

    const domain = await json('domains', 'claim', '*.Shop.test', '--app', 'shop')
    expect(domain.pattern).toBe('*.shop.test')
    const collision = await run('domains', 'create', '{tenant}.shop.test')
    expect(collision.code).toBe(6)
    expect(collision.stderr).toMatch(/^error: .*\*\.shop\.test, which another app claims\.\n/)
    expect((await json('domains', 'list', '--app', 'shop')).items).toEqual([domain])

    const path = await file('cart.rhai', '1')
    const { url } = await json('deploy', path, '--route', '/cart', '--app', 'shop')
    expect(url).toBe(`http://*.shop.test:${manager.port}/cart`)

    expect((await run('apps', 'delete', 'shop')).stderr).toContain('Repeat with --force to do so.')
    const released = await run('domains', 'release', '*.shop.test', '--app', 'shop', '--force')
    expect(released).toMatchObject({ code: 0, stderr: 'Released *.shop.test.\n' })
    expect((await run('domains', 'release', '*.shop.test', '--app', 'shop')).code).toBe(5)
    expect((await run('apps', 'delete', 'shop', '--force')).code).toBe(0)
    expect((await run('apps', 'get', 'shop')).code).toBe(5)
  })

  it('keep what scripts of theirs keep', async () => {
    await json('apps', 'create', 'keeper')
    const inApp = ['--app', 'keeper'] as const
    expect((await run('kv', 'list', ...inApp)).stderr).toContain('keeps nothing there')
    const kept = await json('kv', 'set', 'a/b', '{"$int":"9223372036854775807"}', ...inApp)
    expect(kept).toEqual({ key: 'a/b', value: { $int: '9223372036854775807' }, ttl_ms: null })
    await run('kv', 'set', 'text', '--text', 'as it stands', '--ttl-ms', '60000', ...inApp)
    expect((await run('kv', 'get', 'text', ...inApp)).stdout).toBe('"as it stands"\n')
    expect((await run('kv', 'set', 'x', 'no json', ...inApp)).code).toBe(2)
    expect((await json('kv', 'list', '--prefix', 'a/', ...inApp)).items).toEqual([
      { key: 'a/b', bytes: 11 },
    ])
    expect(await run('kv', 'delete', 'a/b', ...inApp)).toMatchObject({ code: 0 })
    expect((await run('kv', 'get', 'a/b', ...inApp)).code).toBe(5)
    expect((await run('apps', 'delete', 'keeper')).stderr).toContain('1 kv_key')
    expect((await run('apps', 'delete', 'keeper', '--force')).code).toBe(0)
  })

  it('are renamed, and found by every slug they had', async () => {
    const app = await json('apps', 'create', 'bazaar')
    await json('apps', 'rename', 'bazaar', 'market')
    expect(await run('apps', 'rename', 'market', 'mall')).toEqual({
      code: 0,
      stdout: '',
      stderr: 'The app has the slug mall now; the former one leads to it.\n',
    })
    expect((await json('apps', 'show', 'bazaar')).id).toBe(app.id)
    const domain = await json('domains', 'claim', 'mall.test', '--app', 'market')
    expect(domain.app_id).toBe(app.id)
    expect((await run('apps', 'slugs', 'market')).stdout).toMatch(
      /^SLUG +RETIRED .*\nbazaar +\S+ \S+ +1 .*\nmarket +\S+ \S+ +2 .* from \S+ \S+\n$/,
    )

    const refused = await run('apps', 'create', 'market')
    expect(refused).toMatchObject({ code: 6, stdout: '' })
    expect(refused.stderr).toBe(
      'error: The slug "market" leads to the app "mall", which had it before. ' +
        'Repeat with --force to take it.\n',
    )
    const young = await json('apps', 'create', 'market', '--force')
    expect((await json('apps', 'get', 'market')).id).toBe(young.id)
    expect((await run('apps', 'release-slug', 'mall', 'bazaar')).code).toBe(0)
    expect((await run('apps', 'release-slug', 'mall', 'bazaar')).code).toBe(5)
    expect((await run('apps', 'get', 'bazaar')).code).toBe(5)
  })

  it.each([
    ['nobody-has-it', [], 0, /^available: /],
    ['Nobody', [], 2, /^invalid: Use lower-case/],
    ['admin', [], 2, /^reserved: /],
    ['default', [], 6, /^in_use: /],
    ['default', ['--app', 'default'], 0, /^in_use: /],
    ['was-mine', [], 6, /^historical: .* Taking it needs --force/],
    ['was-mine', ['--app', 'is-mine'], 0, /^historical: /],
  ])('can be asked of the slug %s %j', async (slug, more, code, text) => {
    await run('apps', 'create', 'was-mine')
    await run('apps', 'rename', 'was-mine', 'is-mine')
    const ended = await run('apps', 'check-slug', slug, ...more)
    expect(ended).toMatchObject({ code, stderr: '', stdout: expect.stringMatching(text) })
  })

  it('have settings', async () => {
    await json('apps', 'create', 'chatty')
    const flags = ['--show-error-detail', 'on', '--retention-days', '7', '--name', 'Chatty']
    const set = await json('apps', 'set', 'chatty', ...flags)
    expect(set).toMatchObject({
      name: 'Chatty',
      settings: { show_error_detail: true, retention_days: 7, retention_bytes: null },
    })
    const { stdout } = await run('apps', 'set', 'chatty', '--retention-days', 'default')
    expect(stdout).toMatch(/^show-error-detail +on\nretention-days +default\n/m)
    expect((await json('apps', 'list', '--search', 'CHATT')).items).toMatchObject([
      { slug: 'chatty', name: 'Chatty' },
    ])
    expect((await run('apps', 'set', 'chatty')).code).toBe(2)
    const days = await run('apps', 'set', 'chatty', '--retention-days', '0')
    expect([days.code, days.stderr]).toEqual([2, expect.stringContaining('from 1, or default')])
    expect((await run('apps', 'set', 'chatty', '--retention-days', '1.5')).code).toBe(2)
    expect((await run('apps', 'set', 'chatty', '--show-error-detail', 'yes')).code).toBe(2)
  })

  it('record some of their successes, by a flag', async () => {
    await json('apps', 'create', 'busy')
    const { settings } = await json('apps', 'set', 'busy', '--record-sampling', '0.5')
    expect(settings).toMatchObject({ record_sampling_percent: 0.5 })
    const { stdout } = await run('apps', 'set', 'busy', '--record-sampling', 'default')
    expect(stdout).toMatch(/^record-sampling +default$/m)
    const wrong = await run('apps', 'set', 'busy', '--record-sampling', '101')
    expect([wrong.code, wrong.stderr]).toEqual([2, expect.stringContaining('from 0 to 100')])
  })

  it('let pages of other origins read their answers, by one flag and more', async () => {
    await json('apps', 'create', 'reachable')
    const origins = ['--cors-origins', 'https://a.example, https://*.b.example']
    const more = ['--cors-methods', 'GET', '--cors-credentials', 'on', '--server-timing', 'on']
    const { settings } = await json('apps', 'set', 'reachable', ...origins, ...more)
    expect(settings).toMatchObject({
      server_timing: true,
      cors: {
        origins: ['https://a.example', 'https://*.b.example'],
        methods: ['GET'],
        headers: ['*'],
        credentials: true,
        max_age_seconds: 600,
      },
    })
    const { stdout } = await run('apps', 'set', 'reachable', '--cors-origins', 'off')
    expect(stdout).toMatch(/^cors-origins +off$/m)
    const wrong = [
      [['--cors-methods', 'GET'], '--cors-methods needs --cors-origins'],
      [['--cors-origins', 'a.example'], '--cors-origins: Must be *, or an origin'],
      [['--cors-origins', '*', '--cors-credentials', 'on'], '--cors-credentials: Cannot be true'],
      [['--cors-origins', '*', '--cors-max-age', 'x'], '--cors-max-age: '],
    ] as const
    for (const [flags, message] of wrong) {
      const { code, stderr } = await run('apps', 'set', 'reachable', ...flags)
      expect([code, stderr]).toEqual([2, expect.stringContaining(message)])
    }
  })

  it('are granted services and places on the network, by flags', async () => {
    await json('apps', 'create', 'granted')
    const flags = ['--services', 'kv, http', '--egress-allow', '10.0.0.0/8,Printer:443']
    const { settings } = await json('apps', 'set', 'granted', ...flags)
    const allow = ['10.0.0.0/8', 'printer:443']
    expect(settings).toMatchObject({ services: ['http', 'kv'], egress: { allow, deny: [] } })
    const { stdout } = await run('apps', 'set', 'granted', '--egress-deny', '*')
    expect(stdout).toMatch(
      /^services +http,kv\negress-allow +10.0.0.0\/8,printer:443\negress-deny +\*$/m,
    )
    const none = ['--services', 'none', '--egress-allow', 'off', '--egress-deny', 'off']
    expect((await json('apps', 'set', 'granted', ...none)).settings).toMatchObject({
      services: [],
      egress: null,
    })
    const path = await file('uses.rhai', 'kv::get("a"); http::get("b")')
    const made = await run('scripts', 'create', path, '--app', 'granted')
    expect(made.stderr).toContain('uses uses http::, kv::, which its app is not granted')
    expect((await json('apps', 'set', 'granted', '--services', 'all')).settings.services).toBeNull()
    const wrong = [
      [['--services', 'mail'], '--services: Invalid option'],
      [['--egress-allow', 'http://a.example'], '--egress-allow: "http://a.example" has no address'],
    ] as const
    for (const [flags, message] of wrong) {
      const { code, stderr } = await run('apps', 'set', 'granted', ...flags)
      expect([code, stderr]).toEqual([2, expect.stringContaining(message)])
    }
  })

  it('have limits of their own', async () => {
    await json('apps', 'create', 'tight')
    const flags = ['--limit', 'operations=5000', '--limit', 'log_bytes=0']
    const { stdout } = await run('apps', 'set', 'tight', ...flags)
    expect(stdout).toMatch(/^limit operations +5000\nlimit log_bytes +0$/m)
    const back = await json('apps', 'set', 'tight', '--limit', 'log_bytes=default')
    expect(back.settings.limits).toEqual({ operations: 5000 })
    const held = await run('apps', 'limits', 'tight')
    expect(held.stdout).toMatch(/^operations +5000 +operations +app +100000000 +PICLOUD_CEILING_/m)
  })

  it('are tables for people', async () => {
    const { stdout } = await run('apps', 'list')
    const [header, ...rows] = stdout.trimEnd().split('\n')
    expect(header).toMatch(/^SLUG +NAME +CREATED +ID$/)
    expect(
      rows.some((row) => /^default +\S.* {2}\d{4}-\d\d-\d\d \d\d:\d\d:\d\d {2}/.test(row)),
    ).toBe(true)
  })
})

describe('scripts and routes', () => {
  it('live and die', async () => {
    const path = await file('plain.rhai', '"one"\n')
    const script = await json('scripts', 'create', path, '--name', 'plain.v1')
    expect(script).toMatchObject({ name: 'plain.v1', version: 1 })
    expect((await run('scripts', 'create', path, '--name', 'plain.v1')).code).toBe(6)
    expect(await run('scripts', 'get', 'plain.v1')).toMatchObject({ stdout: '"one"\n' })

    await file('plain.rhai', '"two"\n')
    expect(await json('scripts', 'update', script.id, path)).toMatchObject({ version: 2 })
    const typo = await run('scripts', 'get', 'plain.v2')
    expect(typo.stderr).toBe(
      'error: The app "default" has no script "plain.v2". Is plain.v1 meant?\n',
    )

    const both = []
    for (const method of ['GET', 'POST']) {
      const args = ['/plain', '--script', 'plain.v1', '--method', method]
      both.push(await json('routes', 'create', ...args))
    }
    expect((await run('routes', 'get', '/plain')).code).toBe(6)
    expect(await json('routes', 'get', '/plain', '--method', 'post')).toEqual(both[1])
    const { stdout } = await run('routes', 'list')
    expect(stdout).toMatch(/^METHOD +HOST +PATH +SCRIPT +STATE +ID$/m)
    expect(stdout).toMatch(
      new RegExp(`^GET +\\(all\\) +/plain +plain\\.v1 +on +${both[0].id}$`, 'm'),
    )

    expect((await run('scripts', 'delete', 'plain.v1')).code).toBe(6)
    expect((await run('routes', 'update', '/plain', '--method', 'GET')).code).toBe(2)
    expect((await run('routes', 'delete', '/plain', '--method', 'GET')).code).toBe(0)
    expect((await run('scripts', 'delete', 'plain.v1', '--force')).code).toBe(0)
    expect((await run('routes', 'get', '/plain')).code).toBe(5)
    expect((await run('scripts', 'delete', 'plain.v1')).code).toBe(5)
  })
})

describe('versions of a script', () => {
  it('are saved, listed and compared', async () => {
    const path = await file('page.rhai', '"one"\n')
    const script = await json('scripts', 'create', path, '--message', 'first light')
    await file('page.rhai', '"two"\n')
    const saved = await run('scripts', 'save', 'page', path, '--no-activate', '--message', 'b')
    expect(saved).toEqual({
      code: 0,
      stdout: `${script.id}\n`,
      stderr: 'Saved version 2 of page.\nVersion 1 is active.\n',
    })
    expect((await run('scripts', 'show', 'page')).stdout).toBe('"one"\n')
    expect((await run('scripts', 'show', 'page', '2')).stdout).toBe('"two"\n')
    expect(await json('scripts', 'show', 'page', '2')).toMatchObject({
      message: 'b',
      description: { uses_eval: false },
    })
    const listed = (await run('scripts', 'versions', 'page')).stdout.split('\n')
    expect(listed[0]).toMatch(/^VERSION +STATE +SAVED +BY +BYTES +SHA-256 +MESSAGE$/)
    expect(listed[1]).toMatch(/^2 +\S+ \S+ +operator +6 +[0-9a-f]{12} +b$/)
    expect(listed[2]).toMatch(/^1 +active +\S+ \S+ +operator +6 +[0-9a-f]{12} +first light$/)
    expect(await run('scripts', 'diff', 'page')).toEqual({
      code: 0,
      stdout: '--- page@1\n+++ page@2\n@@ -1,1 +1,1 @@\n-"one"\n+"two"\n',
      stderr: '',
    })
    expect(await run('scripts', 'diff', 'page', '1', '1')).toMatchObject({
      stderr: 'Versions 1 and 1 are equal.\n',
    })
    expect(await json('scripts', 'diff', 'page', '2', '1')).toMatchObject({ from: 2, to: 1 })
  })

  it('are activated and rolled back', async () => {
    const path = await file('leaf.rhai', '"one"')
    await json('scripts', 'create', path)
    await file('leaf.rhai', '"two"')
    await json('scripts', 'save', 'leaf', path, '--no-activate')
    expect(await run('scripts', 'activate', 'leaf', '2')).toEqual({
      code: 0,
      stdout: '',
      stderr: 'Version 2 of leaf is active.\n',
    })
    expect(await json('scripts', 'rollback', 'leaf')).toMatchObject({ version: 1 })
    expect((await run('scripts', 'rollback', 'leaf')).code).toBe(6)
    expect(await json('scripts', 'rollback', 'leaf', '2')).toMatchObject({ version: 2 })
    expect((await run('scripts', 'activate', 'leaf', '9')).code).toBe(5)
    expect((await run('scripts', 'activate', 'leaf', 'x')).code).toBe(2)
    const again = await run('scripts', 'save', 'leaf', path)
    expect(again.stderr).toBe(
      'leaf is unchanged: version 2 has this source.\nVersion 2 is active.\n',
    )
  })

  it('are saved to the revision that was seen', async () => {
    const path = await file('seen.rhai', '1')
    await json('scripts', 'create', path)
    await file('seen.rhai', '2')
    const stale = await run('scripts', 'save', 'seen', path, '--revision', '7')
    expect([stale.code, stale.stderr]).toEqual([
      6,
      expect.stringContaining('at revision 1. Read it again, then repeat your change.'),
    ])
    expect(await json('scripts', 'save', 'seen', path, '--revision', '1')).toMatchObject({
      saved: { version: 2, is_new: true },
    })
  })

  it('keep their history under another name of the script', async () => {
    const library = await file('lib.rhai', 'fn x() { 1 }')
    const importer = await file('importer.rhai', 'import "lib" as lib; lib::x()')
    await json('scripts', 'create', library)
    await json('scripts', 'create', importer)
    const refused = await run('scripts', 'rename', 'lib', 'library')
    expect(refused.code).toBe(6)
    expect(refused.stderr).toContain('imported by the script "importer"')
    expect(refused.stderr).toContain('--force')
    expect((await run('scripts', 'delete', 'lib')).stderr).toContain('the script "importer"')
    expect(await run('scripts', 'rename', 'lib', 'library', '--force')).toEqual({
      code: 0,
      stdout: '',
      stderr: 'lib is now library.\n',
    })
    expect((await json('scripts', 'versions', 'library')).items).toHaveLength(1)
  })
})

describe('routes in place', () => {
  it('run a request once, by a flag', async () => {
    const flags = ['--hole', '--idempotency', 'on']
    const made = await json('routes', 'add', '/once', ...flags, '--idempotency-required')
    expect(made.idempotency).toEqual({ header: 'Idempotency-Key', required: true })
    const { stdout } = await run('routes', 'update', '/once', '--idempotency', 'X-Key')
    expect(stdout).toMatch(/ on, once by X-Key /)
    const off = await json('routes', 'update', '/once', '--idempotency', 'off')
    expect(off.idempotency).toBeNull()
    for (const wrong of [['--idempotency', 'a b'], ['--idempotency-required']]) {
      expect((await run('routes', 'update', '/once', ...wrong)).code).toBe(2)
    }
  })

  it('are added, moved, emptied, switched and removed', async () => {
    const path = await file('placed.rhai', '1')
    const script = await json('scripts', 'create', path)
    const route = await json('routes', 'add', '/placed/:a', '--script', 'placed', '--disabled')
    expect(route).toMatchObject({ method: '*', enabled: false, script_id: script.id })
    const on = await run('routes', 'enable', '/placed/:a')
    expect(on).toEqual({ code: 0, stdout: '', stderr: '* /placed/:a is switched on.\n' })
    const words = ['--new-path', '/placed/:b', '--new-method', 'get', '--new-host', 'localhost']
    expect(await json('routes', 'update', '/placed/:a', ...words)).toMatchObject({
      id: route.id,
      method: 'GET',
      host_pattern: 'localhost',
      path_pattern: '/placed/:b',
      enabled: true,
    })
    expect(await json('routes', 'update', '/placed/:b', '--hole', '--any-host')).toMatchObject({
      script_id: null,
      host_pattern: null,
    })
    expect((await run('routes', 'get', '/placed/:b')).stdout).toMatch(/\(all\) .*\(hole\) +on /)
    expect(await json('routes', 'disable', '/placed/:b')).toMatchObject({ enabled: false })
    expect((await run('routes', 'remove', '/placed/:b')).stderr).toBe(
      'Deleted the route GET /placed/:b.\n',
    )
  })

  it('need a word about what answers, and only one', async () => {
    expect((await run('routes', 'add', '/none')).code).toBe(2)
    expect((await run('routes', 'add', '/none', '--hole', '--script', 'x')).code).toBe(2)
    const hole = await run('routes', 'add', '/none', '--hole')
    expect(hole).toMatchObject({ code: 0, stderr: '* /none is now a hole.\n' })
    const path = await file('none.rhai', '1')
    const refused = await run('deploy', path, '--route', '/none')
    expect(refused.code).toBe(6)
    expect(refused.stderr).toContain('The route * /none of the app "default" is a hole.')
  })

  it('keep their id when a deploy takes them over under other names', async () => {
    const path = await file('taken.rhai', '1')
    const { route } = await json('deploy', path, '--route', '/taken/:a')
    const again = await json('deploy', path, '--route', '/taken/:b', '--replace')
    expect(again.route).toMatchObject({ id: route.id, path_pattern: '/taken/:b' })
    expect(again.changes).toEqual({ script: 'unchanged', route: 'updated' })
  })

  it('are checked before they are made', async () => {
    await json('routes', 'add', '/checked/:id', '--hole', '--method', 'GET')
    const fine = await run('routes', 'check', '/checked/*', '--method', 'GET')
    expect(fine).toMatchObject({ code: 0, stderr: '' })
    expect(fine.stdout).toBe(
      'GET /checked/*rest\n  on        localhost\n  captures  rest (path)\n' +
        '  loses     some: GET /checked/:id\n',
    )
    const taken = await run('routes', 'check', '/checked/:x', '--method', 'GET')
    expect(taken.code).toBe(6)
    expect(taken.stderr).toBe(
      'warning: It would be refused. The app has the route GET /checked/:id already, which ' +
        'matches the same requests.\n',
    )
  })
})

describe('picloud explain', () => {
  it('shows what is in question, what wins and why', async () => {
    await json('routes', 'add', '/explained/:id', '--hole', '--method', 'GET')
    const { code, stdout } = await run('explain', 'http://localhost:8080/explained/7')
    expect(code).toBe(0)
    expect(stdout.split('\n').map((line) => line.replaceAll(/ {2,}/g, '  '))).toEqual([
      'GET localhost/explained/7',
      '',
      'CLAIM  APP  VERDICT  WHY',
      'localhost  default  wins  The only claim.',
      '',
      'METHOD  HOST  PATH  VERDICT  WHY',
      'GET  (all)  /explained/:id  wins  The first in order whose method fits.',
      '',
      'hole (404): GET /explained/:id is a hole: it has no script, so what it matches gets 404.',
      '',
    ])
    expect(await json('explain', 'localhost/explained/7', '--method', 'post')).toMatchObject({
      method: 'POST',
      outcome: 'path_unknown',
      status: 404,
    })
    expect((await run('explain', '/no-host')).code).toBe(2)
  })
})

describe('tokens', () => {
  it('let in until they are deleted, and are shown once', async () => {
    const made = await run('tokens', 'create', 'laptop', '--days', '7')
    expect(made.code).toBe(0)
    const token = made.stdout.trim()
    expect(token).toMatch(/^pic_\S+$/)
    expect(made.stderr).not.toContain(token)
    expect((await run('apps', 'list', '--token', token)).code).toBe(0)
    const list = await run('tokens', 'list', '--json')
    expect(list.stdout).not.toContain(token)
    expect(JSON.parse(list.stdout).items).toMatchObject([{ name: 'laptop' }])

    expect((await run('tokens', 'delete', 'laptop')).code).toBe(0)
    const refused = await run('apps', 'list', '--token', token)
    expect(refused.code).toBe(4)
    expect(refused.stderr).toMatch(/^error: .* The token came from --token\.\n$/)
    expect((await run('tokens', 'delete', 'laptop')).code).toBe(5)
    expect((await run('tokens', 'create', 'x', '--days', '0')).code).toBe(2)
  })
})

describe('tokens of less than all', () => {
  it('do what their scopes say', async () => {
    const made = await json('tokens', 'create', 'reader', '--scope', 'read', 'execute')
    expect(made.scopes).toEqual(['read', 'execute'])
    expect((await run('apps', 'list', '--token', made.token)).code).toBe(0)
    const refused = await run('apps', 'create', 'other', '--token', made.token)
    expect(refused.code).toBe(4)
    expect(refused.stderr).toContain('it needs the scope "admin"')
    expect((await run('tokens', 'list')).stdout).toMatch(/^reader +read execute +/m)
    expect((await run('tokens', 'create', 'x', '--scope', 'write')).code).toBe(2)
    expect((await run('tokens', 'delete', 'reader')).code).toBe(0)
  })
})

describe('the password', () => {
  async function signsIn(password: string): Promise<boolean> {
    const response = await fetch(`${manager.url}/api/v1/sessions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ password }),
    })
    return response.status === 201
  }

  it('is set without the one before, made up or read', async () => {
    const made = await run('password')
    expect(made.code).toBe(0)
    expect(made.stdout).toMatch(/^[A-Za-z0-9_-]{20}\n$/)
    expect(await signsIn(made.stdout.trim())).toBe(true)

    const given = ['password', '--stdin']
    const read = await picloudReading('  one with spaces  \n', given, environment())
    expect({ code: read.code, stdout: read.stdout }).toEqual({ code: 0, stdout: '' })
    expect(await signsIn('  one with spaces  ')).toBe(true)
    expect(await signsIn(made.stdout.trim())).toBe(false)
    expect(await json('password')).toEqual({ name: 'admin', password: expect.any(String) })
    expect((await picloudReading('short', given, environment())).code).toBe(2)
  })

  it("is not set by a token that is not the operator's", async () => {
    const { token } = await json('tokens', 'create', 'ci')
    const refused = await run('password', '--token', token)
    expect(refused.code).toBe(2)
    expect(refused.stderr).toContain('current_password: ')
    expect((await run('tokens', 'delete', 'ci')).code).toBe(0)
  })
})

describe('the audit log', () => {
  it('is shown newest first, and by what it is asked for', async () => {
    await json('apps', 'create', 'audited')
    const shown = await run('audit', '--app', 'audited')
    expect(shown.stdout).toMatch(/^AT +WHO +ACTION +WHAT +FROM +REQUEST\n/)
    expect(shown.stdout).toMatch(/ operator +app\.create +app audited +127\.0\.0\.1 +\S+\n$/)
    for (const since of ['1h', '2020-01-31', '2020-01-31T10:00Z', '2020-01-31T10:00:00Z']) {
      const { stdout } = await run('audit', '--app', 'audited', '--since', since)
      expect(stdout).toBe(shown.stdout)
    }
    const none = await run('audit', '--app', 'audited', '--until', '1h')
    expect(none.stdout + none.stderr).toContain('Nothing of that kind was recorded.')
    const of = await json('audit', '--action', 'app.create', '--actor', 'operator', '--limit', '1')
    expect(of.items).toMatchObject([{ action: 'app.create', target: { name: 'audited' } }])
    const since = await run('audit', '--since', '2100-01-01')
    expect({ code: since.code, stdout: since.stdout }).toEqual({ code: 0, stdout: '' })
    for (const wrong of [
      ['--since', 'soon'],
      ['--limit', '0'],
      ['--action', 'x'],
    ]) {
      expect((await run('audit', ...wrong)).code).toBe(2)
    }
    expect((await run('apps', 'delete', 'audited')).code).toBe(0)
  })
})

describe('what the API refuses', () => {
  it.each([
    ['slug: ', ['apps', 'create', 'Bad Slug']],
    ['The host pattern ', ['domains', 'claim', 'a*.example']],
  ])('is a wrong argument: %s', async (start, args) => {
    const ended = await run(...args)
    expect(ended.code).toBe(2)
    expect(ended.stderr).toMatch(new RegExp(`^error: ${start}`))
  })
})

describe('picloud logs', () => {
  it('says that nothing ran, and knows no script that is not there', async () => {
    expect(await run('logs')).toMatchObject({ code: 0, stderr: 'Nothing has run yet.\n' })
    expect(await run('logs', '--limit', '0')).toMatchObject({ code: 0, stderr: '' })
    expect((await run('logs', '--outcome', 'error')).stderr).toBe(
      'Nothing of that kind has run yet.\n',
    )
    expect(await json('logs')).toEqual({ items: [], next_cursor: null })
    expect(await json('logs', '--status', '5xx', '--trigger', 'http', '--since', '1h')).toEqual({
      items: [],
      next_cursor: null,
    })
    expect((await run('logs', '--since', 'yesterday')).code).toBe(2)
    expect((await run('logs', '--script', 'nobody')).code).toBe(5)
    expect((await run('logs', '--app', 'nobody')).code).toBe(5)
  })
})
