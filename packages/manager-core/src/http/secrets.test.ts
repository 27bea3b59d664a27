import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type AppId, SECRETS_PER_APP_MAX } from '@picloud/shared'
import { openSecret, SecretKeys } from '@picloud/storage'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type ManagerUnderTest, startManagerUnderTest } from '../../test/manager-under-test.ts'

const ADMIN = '/api/v1/admin'
const VALUE = 'correct horse battery staple'

let folder: string
let api: ManagerUnderTest
let keys: SecretKeys
let number = 0

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'picloud-secrets-'))
  keys = new SecretKeys({ given: null, file: join(folder, 'secrets.key') })
  api = await startManagerUnderTest({ secretKeys: keys })
})
afterAll(async () => {
  await api.close()
  await rm(folder, { recursive: true })
})

async function makeApp() {
  number += 1
  const { body } = await api.request('POST', `${ADMIN}/apps`, { json: { slug: `app-${number}` } })
  const secrets = `${ADMIN}/apps/${body.slug}/secrets`
  return {
    ...body,
    secrets,
    put: (name: string, value: unknown) =>
      api.request('PUT', `${secrets}/${name}`, { json: { value } }),
  }
}

async function makeScript(appId: string, name: string, source: string): Promise<string> {
  const json = { app_id: appId, name, source }
  const { body, text } = await api.request('POST', `${ADMIN}/scripts`, { json })
  expect(body.id, text).toBeDefined()
  return body.id
}

describe('a secret', () => {
  it('is put, listed without its value, and deleted', async () => {
    const app = await makeApp()
    expect((await api.request('GET', app.secrets)).body).toEqual({ items: [], next_cursor: null })
    const made = await app.put('STRIPE_KEY', VALUE)
    expect(made.status).toBe(200)
    expect(made.body).toEqual({
      name: 'STRIPE_KEY',
      created_at: expect.any(String),
      updated_at: made.body.created_at,
      used_by: [],
    })
    const changed = await app.put('STRIPE_KEY', 'another value')
    expect(changed.body.created_at).toBe(made.body.created_at)
    expect(changed.body.updated_at > made.body.updated_at).toBe(true)
    await app.put('a.b-c', VALUE)
    const { body, text } = await api.request('GET', app.secrets)
    expect(body.items.map((item: { name: string }) => item.name).sort()).toEqual([
      'STRIPE_KEY',
      'a.b-c',
    ])
    expect(text).not.toContain('value')
    expect((await api.request('DELETE', `${app.secrets}/STRIPE_KEY`)).status).toBe(204)
    const gone = await api.request('DELETE', `${app.secrets}/STRIPE_KEY`)
    expect(gone.body).toMatchObject({ status: 404, code: 'PIC_SECRET_NOT_FOUND' })
  })

  it('is sealed in the database for its app and its name', async () => {
    const app = await makeApp()
    const other = await makeApp()
    await app.put('KEY', VALUE)
    const place = { appId: app.id, name: 'KEY' }
    const found = await api.database.secrets.find(place)
    if (found === null) throw new Error('it was stored')
    const key = await keys.current()
    expect(found.keyId).toBe(key.id)
    expect(found.sealed.includes('horse')).toBe(false)
    expect(openSecret(key, place, found.sealed)).toBe(VALUE)
    expect(() => openSecret(key, { ...place, appId: other.id }, found.sealed)).toThrow()
  })

  it.each([
    ['a short one', 'abc'],
    ['one of blanks', '      '],
    ['a long one', 'x'.repeat(16_385)],
    ['no text', { hunter2: 'hunter2' }],
    ['a half of a pair', 'hunter2 \ud800'],
    ['nothing', undefined],
  ])('has no value that is %s, and it is not told back', async (_what, value) => {
    const app = await makeApp()
    const { status, body, text } = await app.put('KEY', value)
    expect(status).toBe(422)
    expect(body.errors[0].pointer).toMatch(/^\/value/)
    expect(text).not.toMatch(/hunter2|xxxx/)
  })

  it.each(['{"value": hunter2}', '{"value": "hunter2', '{"value": "hunter2" hunter2}', 'hunter2'])(
    'is not told back from the malformed body %s',
    async (written) => {
      const app = await makeApp()
      const { status, text } = await api.request('PUT', `${app.secrets}/KEY`, {
        body: written,
        headers: { 'content-type': 'application/json' },
      })
      expect(status).toBe(400)
      expect(text).not.toContain('unter2')
    },
  )

  it.each(['-x', '.x', 'a%20b', 'a%2Fb', '%C3%BC', 'x'.repeat(65), '%00'])(
    'cannot be called %s',
    async (name) => {
      const app = await makeApp()
      const { body } = await app.put(name, VALUE)
      expect(body).toMatchObject({ status: 422, code: 'PIC_SECRET_NAME_INVALID' })
      expect((await api.request('DELETE', `${app.secrets}/${name}`)).status).toBe(404)
    },
  )

  it('is one of so many at most', async () => {
    const app = await makeApp()
    for (let count = 0; count < SECRETS_PER_APP_MAX; count += 1) {
      expect((await app.put(`KEY_${count}`, VALUE)).status).toBe(200)
    }
    expect((await app.put('ONE_MORE', VALUE)).body).toMatchObject({
      status: 409,
      code: 'PIC_SECRETS_FULL',
    })
    expect((await app.put('KEY_7', 'new value')).status).toBe(200)
    const page = await api.request('GET', `${app.secrets}?limit=60`)
    const rest = await api.request('GET', `${app.secrets}?cursor=${page.body.next_cursor}`)
    expect(page.body.items.length + rest.body.items.length).toBe(SECRETS_PER_APP_MAX)
    expect(rest.body.next_cursor).toBeNull()
  })

  it('goes with its app, which is not deleted by accident', async () => {
    const app = await makeApp()
    await app.put('KEY', VALUE)
    const refused = await api.request('DELETE', `${ADMIN}/apps/${app.slug}`)
    expect(refused.body).toMatchObject({ status: 409, would_delete: { secrets: 1 } })
    expect(refused.body.detail).toContain('1 secret.')
    await api.request('DELETE', `${ADMIN}/apps/${app.slug}?force=true`)
    expect(await api.database.secrets.find({ appId: app.id, name: 'KEY' })).toBeNull()
  })

  it('is in the audit log by its name, and nowhere by its value', async () => {
    const app = await makeApp()
    await app.put('KEY', VALUE)
    await app.put('KEY', `${VALUE}!`)
    await api.request('DELETE', `${app.secrets}/KEY`)
    const { body, text } = await api.request('GET', `${ADMIN}/audit?app=${app.slug}&limit=10`)
    expect(body.items.slice(0, 3)).toMatchObject([
      { action: 'secret.delete', target: { type: 'secret', id: null, name: 'KEY' }, after: null },
      { action: 'secret.update' },
      { action: 'secret.create', before: null, after: { updated_at: expect.any(String) } },
    ])
    expect(text).not.toContain('horse')
    expect(api.logs.join('\n')).not.toMatch(/horse|hunter2/)
  })

  it('is for who may do everything', async () => {
    const app = await makeApp()
    await app.put('KEY', VALUE)
    const json = { name: 'reads', scopes: ['read', 'execute'] }
    const { token } = (await api.request('POST', `${ADMIN}/tokens`, { json })).body
    const one = `${app.secrets}/KEY`
    for (const [method, path] of [
      ['GET', app.secrets],
      ['PUT', one],
      ['DELETE', one],
      ['POST', `${ADMIN}/secrets/rotate-key`],
    ] as const) {
      const options = { token, json: { value: VALUE } }
      expect((await api.request(method, path, method === 'GET' ? { token } : options)).status).toBe(
        403,
      )
    }
  })

  it('cannot be stored where there is no key', async () => {
    const without = await startManagerUnderTest({
      secretKeys: new SecretKeys({ given: null, file: null }),
    })
    try {
      const path = `${ADMIN}/apps/default/secrets/KEY`
      const { status, body } = await without.request('PUT', path, { json: { value: VALUE } })
      expect({ status, code: body.code }).toEqual({ status: 503, code: 'PIC_SECRETS_KEY_MISSING' })
      expect(without.logs.join('\n')).toContain('PICLOUD_SECRETS_KEY')
      expect(without.logs.join('\n')).not.toContain('horse')
    } finally {
      await without.close()
    }
  })
})

describe('the list of secrets', () => {
  it('says which scripts use them', async () => {
    const app = await makeApp()
    await app.put('A', VALUE)
    await app.put('B', VALUE)
    const ids = {
      both: await makeScript(app.id, 'both', 'secrets::get("A") + secrets::get("B")'),
      inside: await makeScript(app.id, 'inside', 'fn f() { secrets::has("A") } f()'),
      computed: await makeScript(app.id, 'computed', 'let n = "A"; secrets::get(n)'),
      evaluates: await makeScript(app.id, 'evaluates', 'eval("1")'),
    }
    await makeScript(app.id, 'own', 'import "both" as secrets; secrets::get("A")')
    await makeScript(app.id, 'none', 'const x = "secrets::get(\\"A\\")"; kv::get("A")')
    const { body } = await api.request('GET', app.secrets)
    const perhaps = [
      { script_id: ids.computed, name: 'computed', certain: false },
      { script_id: ids.evaluates, name: 'evaluates', certain: false },
    ]
    const both = { script_id: ids.both, name: 'both', certain: true }
    expect(body.items).toMatchObject([
      { name: 'A', used_by: [both, ...perhaps, { name: 'inside', certain: true }] },
      { name: 'B', used_by: [both, ...perhaps] },
    ])
    await api.request('PUT', `${ADMIN}/scripts/${ids.both}`, { json: { source: '1' } })
    const after = await api.request('GET', app.secrets)
    expect(after.body.items[1].used_by).toEqual(perhaps)
  })

  it('looks through descriptions with whatever in them', async () => {
    const app = await makeApp()
    await app.put('A', VALUE)
    await makeScript(app.id, 'odd', 'const NUL = "\\x00"; secrets::get("A")')
    const { body } = await api.request('GET', app.secrets)
    expect(body.items[0].used_by).toMatchObject([{ name: 'odd', certain: true }])
  })
})

describe('rotating the key', () => {
  const rotate = (json?: object) =>
    api.request('POST', `${ADMIN}/secrets/rotate-key`, json === undefined ? {} : { json })

  async function openedValue(appId: AppId, name: string): Promise<string> {
    const found = await api.database.secrets.find({ appId, name })
    const key = found === null ? null : await keys.find(found.keyId)
    if (found === null || key === null) throw new Error(`${name} cannot be opened`)
    return openSecret(key, { appId, name }, found.sealed)
  }

  it('has a new key seal everything, and keeps the old one for backups', async () => {
    const app = await makeApp()
    await app.put('KEY', VALUE)
    const before = (await keys.current()).id
    const { status, body } = await rotate()
    expect(status).toBe(200)
    expect(body).toMatchObject({ is_new_key: true, old_key_ids: expect.arrayContaining([before]) })
    expect(body.key_id).not.toBe(before)
    expect(body.resealed).toBeGreaterThan(0)
    expect(await api.database.secrets.keyIds()).toEqual([body.key_id])
    expect(await openedValue(app.id, 'KEY')).toBe(VALUE)
    const listed = (await api.request('GET', app.secrets)).body.items[0]
    expect(listed.updated_at).toBe(listed.created_at)
    const { items } = (await api.request('GET', `${ADMIN}/audit?limit=1`)).body
    expect(items[0]).toMatchObject({
      action: 'secret.rotate_key',
      after: { resealed: body.resealed },
    })
  })

  it('forgets the old keys when told to', async () => {
    const app = await makeApp()
    await app.put('KEY', VALUE)
    const { body } = await rotate({ forget_old_keys: true })
    expect(body.old_key_ids).toEqual([])
    const text = await readFile(join(folder, 'secrets.key'), 'utf8')
    expect(text.split('\n').filter((line) => line !== '' && !line.startsWith('#'))).toHaveLength(1)
    expect(await openedValue(app.id, 'KEY')).toBe(VALUE)
  })

  it('goes on where it was broken off, with the key that was made then', async () => {
    const app = await makeApp()
    await app.put('KEY', VALUE)
    const { id } = await keys.add()
    await app.put('LATER', VALUE)
    const { body } = await rotate()
    expect(body).toMatchObject({ key_id: id, is_new_key: false })
    expect(await api.database.secrets.keyIds()).toEqual([id])
    expect(await openedValue(app.id, 'KEY')).toBe(VALUE)
  })

  it('can be asked for twice at once, while secrets are set', async () => {
    const app = await makeApp()
    const put = async () => {
      for (let count = 0; count < 20; count += 1) await app.put(`K${count}`, `${VALUE} ${count}`)
    }
    const forget = { forget_old_keys: true }
    await Promise.all([put(), rotate(forget), rotate(forget), rotate(forget)])
    for (let count = 0; count < 20; count += 1) {
      expect(await openedValue(app.id, `K${count}`)).toBe(`${VALUE} ${count}`)
    }
  })
})
