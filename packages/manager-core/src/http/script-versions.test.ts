import {
  newId,
  savedScriptSchema,
  scriptActivationListSchema,
  scriptDiffSchema,
  scriptVersionListSchema,
  scriptVersionSchema,
} from '@picloud/shared'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  type Answer,
  type ManagerUnderTest,
  startManagerUnderTest,
} from '../../test/manager-under-test.ts'

const SCRIPTS = '/api/v1/admin/scripts'
let api: ManagerUnderTest
let app: string

beforeAll(async () => {
  api = await startManagerUnderTest()
  app = (await api.request('POST', '/api/v1/admin/apps', { json: { slug: 'shop' } })).body.id
})
afterAll(() => api.close())

let made = 0
interface Made {
  readonly id: string
  readonly name: string
  readonly path: string
}

async function make(source = '1', more: object = {}): Promise<Made> {
  made += 1
  const json = { app_id: app, name: `script-${made}`, source, ...more }
  const { status, body } = await api.request('POST', SCRIPTS, { json })
  expect(status).toBe(201)
  return { id: body.id, name: body.name, path: `${SCRIPTS}/${body.id}` }
}

function save({ path }: Made, source: string, more: object = {}): Promise<Answer> {
  return api.request('PUT', path, { json: { source, ...more } })
}

function activate({ path }: Made, version: number | string): Promise<Answer> {
  return api.request('POST', `${path}/versions/${version}:activate`)
}

function rollBack({ path }: Made, json?: object): Promise<Answer> {
  return api.request('POST', `${path}:rollback`, json === undefined ? {} : { json })
}

/** Active and newest version, and the source of the active one. */
async function state({ path }: Made): Promise<readonly [number, number, string]> {
  const { body } = await api.request('GET', path)
  return [body.version, body.latest_version, body.source]
}

describe('saving', () => {
  it('makes a version and the active one, and says which', async () => {
    const script = await make()
    const { status, body } = await save(script, '2')
    expect(status).toBe(200)
    expect(savedScriptSchema.parse(body)).toEqual(body)
    expect(body).toMatchObject({ version: 2, latest_version: 2, revision: 2 })
    expect(body.saved).toEqual({ version: 2, is_new: true })
  })

  it('stores without activating when told to, as a change others see', async () => {
    const script = await make()
    const { headers, body } = await save(script, '2', { activate: false })
    expect(body).toMatchObject({ version: 1, latest_version: 2, source: '1', revision: 2 })
    expect(body.saved).toEqual({ version: 2, is_new: true })
    expect(headers.get('etag')).toBe('"2"')
    // The next ones come after it, also when one becomes the active one.
    const next = await save(script, '3', { activate: false })
    expect(next.body).toMatchObject({ version: 1, latest_version: 3 })
    expect((await save(script, '4')).body).toMatchObject({ version: 4, latest_version: 4 })
  })

  it('makes no version of a source the active or the newest one has', async () => {
    const script = await make('1')
    const again = await save(script, '1', { message: 'the same' })
    expect(again.body).toMatchObject({ version: 1, latest_version: 1, revision: 1 })
    expect(again.body.saved).toEqual({ version: 1, is_new: false })
    await save(script, '2', { activate: false })
    const quietly = await save(script, '2', { activate: false })
    expect(quietly.body).toMatchObject({ version: 1, saved: { version: 2, is_new: false } })
    const loudly = await save(script, '2')
    expect(loudly.body).toMatchObject({ version: 2, saved: { version: 2, is_new: false } })
    // What an older version said is new again: versions are in the order they were meant in.
    expect((await save(script, '1')).body).toMatchObject({ version: 3, latest_version: 3 })
  })

  it('loses none of eight savers at once, and numbers them without a gap', async () => {
    const script = await make('0')
    const sources = Array.from({ length: 8 }, (_, index) => `"saver ${index}"`)
    const answers = await Promise.all(sources.map((source) => save(script, source)))
    expect(answers.map(({ status }) => status)).toEqual(sources.map(() => 200))
    const versions = answers.map(({ body }) => body.saved.version)
    expect(versions.toSorted((a, b) => a - b)).toEqual([2, 3, 4, 5, 6, 7, 8, 9])
    const stored = await Promise.all(
      versions.map((version) => api.request('GET', `${script.path}/versions/${version}`)),
    )
    expect(stored.map(({ body }) => body.source)).toEqual(sources)
    const [active, latest, source] = await state(script)
    expect([active, latest]).toEqual([9, 9])
    expect(source).toBe(sources[versions.indexOf(9)])
    // The history has each once, so a roll back knows its way through all of them.
    const history = await api.request('GET', `${script.path}/activations`)
    const numbers = history.body.items.map((each: { version: number }) => each.version)
    expect(numbers).toEqual([9, 8, 7, 6, 5, 4, 3, 2, 1])
  })

  it.each([
    [{ source: '2', activate: 'no' }, '/activate'],
    [{ source: '2', message: '' }, '/message'],
    [{ source: '2', message: 'x'.repeat(501) }, '/message'],
    [{ source: '2', message: 'a\u0000b' }, '/message'],
  ])('refuses %j', async (json, pointer) => {
    const script = await make()
    const { status, body } = await api.request('PUT', script.path, { json })
    expect(status).toBe(422)
    expect(body).toMatchObject({ code: 'PIC_REQUEST_INVALID', errors: [{ pointer }] })
    expect(await state(script)).toEqual([1, 1, '1'])
  })

  it('tells every mistake of a source with its place', async () => {
    const script = await make()
    const { status, body } = await save(script, 'let a = ;\nlet b = 2;\nfn f( { }\n')
    expect(status).toBe(422)
    expect(body).toMatchObject({ code: 'PIC_SCRIPT_COMPILE', line: 1, column: 9 })
    expect(body.diagnostics.length).toBeGreaterThan(1)
    expect(body.diagnostics[0]).toMatchObject({ line: 1, column: 9, end_line: 1, end_column: 10 })
    expect(body.diagnostics[1]).toMatchObject({ line: 3, kind: expect.any(String) })
    expect(await state(script)).toEqual([1, 1, '1'])
  })
})

describe('versions', () => {
  it('are listed newest first in pages, without sources, with what is known of each', async () => {
    const script = await make('"ä"', { message: 'first light' })
    await save(script, '2')
    await save(script, '3', { activate: false })
    const first = await api.request('GET', `${script.path}/versions?limit=2`)
    expect(scriptVersionListSchema.parse(first.body)).toEqual(first.body)
    const numbers = (answer: Answer) =>
      answer.body.items.map((each: { version: number; is_active: boolean }) => [
        each.version,
        each.is_active,
      ])
    expect(numbers(first)).toEqual([
      [3, false],
      [2, true],
    ])
    const cursor = encodeURIComponent(first.body.next_cursor)
    const rest = await api.request('GET', `${script.path}/versions?limit=2&cursor=${cursor}`)
    expect(rest.body.next_cursor).toBeNull()
    expect(rest.body.items).toEqual([
      {
        id: expect.any(String),
        script_id: script.id,
        version: 1,
        is_active: false,
        // printf '"ä"' | sha256sum
        sha256: '1e5f2b0a7756f4b45eed5d71769ae579e023f70efba74bd855057914c7e16d40',
        bytes: 4,
        message: 'first light',
        saved_by: 'operator',
        created_at: expect.any(String),
      },
    ])
  })

  it('have their source and what that defines and uses', async () => {
    await make('fn up(s) { s }', { name: 'texts' })
    const script = await make(DESCRIBED)
    await save(script, '2')
    const { body } = await api.request('GET', `${script.path}/versions/1`)
    expect(scriptVersionSchema.parse(body)).toEqual(body)
    expect(body).toMatchObject({ version: 1, is_active: false, source: DESCRIBED })
    expect(body.description).toMatchObject({
      documentation: 'A greeter.',
      functions: [{ name: 'hello', params: ['name'], documentation: 'Greets.', line: 5 }],
      constants: [{ name: 'NUL', type: 'string', value: '\u0000', line: 3 }],
      imports: [{ path: 'texts', alias: 'texts', line: 2 }],
      host_modules: [{ path: 'log', functions: [{ name: 'info', argument_counts: [1] }] }],
      host_functions: [{ name: 'frobnicate', argument_counts: [0] }],
      uses_eval: false,
      is_complete: true,
    })
  })

  it('are described when read if whoever stored them could not', async () => {
    const made = await api.database.write((tx) =>
      tx.scripts.create({ appId: app as never, name: 'undescribed', source: 'kv::get("a")' }),
    )
    const { body } = await api.request('GET', `${SCRIPTS}/${made.result.id}/versions/1`)
    expect(body).toMatchObject({ saved_by: null, message: null })
    expect(body.description.host_modules).toMatchObject([{ path: 'kv' }])
  })

  it.each(['2', '0', '-1', '01', '1.5', 'x', '99999999999', '1:activate', '%00'])(
    'answers 404 for version %s',
    async (version) => {
      const script = await make()
      const { status, body } = await api.request('GET', `${script.path}/versions/${version}`)
      expect(status).toBe(404)
      expect(body.code).toBe('PIC_SCRIPT_VERSION_NOT_FOUND')
    },
  )

  it.each([
    ['GET', '/versions'],
    ['GET', '/versions/1'],
    ['POST', '/versions/1:activate'],
    ['POST', ':rollback'],
    ['GET', '/activations'],
    ['GET', '/diff'],
  ])('answer 404 to %s …%s of a script that does not exist', async (method, rest) => {
    for (const id of [newId(), 'nope']) {
      const { status, body } = await api.request(method, `${SCRIPTS}/${id}${rest}`)
      expect([status, body.code]).toEqual([404, 'PIC_SCRIPT_NOT_FOUND'])
    }
  })
})

describe('activating', () => {
  it('makes any version the active one, and again is no change', async () => {
    const script = await make('1')
    await save(script, '2')
    const { status, body, headers } = await activate(script, 1)
    expect(status).toBe(200)
    expect(body).toMatchObject({ version: 1, latest_version: 2, source: '1', revision: 3 })
    expect((await activate(script, 1)).headers.get('etag')).toBe(headers.get('etag'))
    expect((await activate(script, 3)).status).toBe(404)
  })

  it('is recorded with who did it, and a repetition is not', async () => {
    const script = await make('1')
    await save(script, '2', { activate: false })
    await activate(script, 2)
    await activate(script, 2)
    await rollBack(script)
    const { body } = await api.request('GET', `${script.path}/activations`)
    expect(scriptActivationListSchema.parse(body)).toEqual(body)
    expect(body.items).toMatchObject([
      { version: 1, cause: 'rollback', activated_by: 'operator' },
      { version: 2, cause: 'activate', activated_by: 'operator' },
      { version: 1, cause: 'save', activated_by: 'operator' },
    ])
    const page = await api.request('GET', `${script.path}/activations?limit=1`)
    const cursor = encodeURIComponent(page.body.next_cursor)
    const next = await api.request('GET', `${script.path}/activations?limit=1&cursor=${cursor}`)
    expect(next.body.items).toEqual(body.items.slice(1, 2))
  })

  it('refuses a version that does not compile here', async () => {
    const script = await make('1')
    await api.database.write((tx) => tx.scripts.addVersion(script.id as never, { source: '(' }))
    const { status, body } = await activate(script, 2)
    expect([status, body.code]).toEqual([422, 'PIC_SCRIPT_COMPILE'])
    expect(await state(script)).toEqual([1, 2, '1'])
  })

  it('and rolling back are made to the revision that was read only', async () => {
    const script = await make('1')
    await save(script, '2')
    const stale = { headers: { 'if-match': '"1"' } }
    const fresh = { headers: { 'if-match': '"2"' } }
    const [activation, back] = [`${script.path}/versions/1:activate`, `${script.path}:rollback`]
    for (const path of [activation, back]) {
      const { status, body } = await api.request('POST', path, stale)
      expect([status, body.code]).toEqual([412, 'PIC_REVISION_STALE'])
    }
    const renamed = { json: { name: `${script.name}-b` } }
    expect((await api.request('PATCH', script.path, { ...renamed, ...stale })).status).toBe(412)
    expect((await api.request('POST', back, fresh)).body).toMatchObject({ version: 1, revision: 3 })
  })
})

describe('rolling back', () => {
  it('goes back to what was active before, step by step, until there is nothing', async () => {
    const script = await make('1')
    await save(script, '2')
    await save(script, '3', { activate: false })
    await save(script, '4')
    expect((await rollBack(script)).body).toMatchObject({ version: 2, latest_version: 4 })
    expect((await rollBack(script)).body).toMatchObject({ version: 1, latest_version: 4 })
    const { status, body } = await rollBack(script)
    expect([status, body.code]).toEqual([409, 'PIC_SCRIPT_ROLLBACK_NONE'])
  })

  it('undoes an activation made after another roll back, and that alone', async () => {
    const script = await make('1')
    await save(script, '2')
    await save(script, '3')
    await rollBack(script)
    await activate(script, 1)
    expect((await rollBack(script)).body.version).toBe(2)
    expect((await rollBack(script)).body.version).toBe(1)
  })

  it('goes to a version that is named, if it was ever active', async () => {
    const script = await make('1')
    await save(script, '2')
    await save(script, '3', { activate: false })
    await save(script, '4')
    const never = await rollBack(script, { version: 3 })
    expect([never.status, never.body.code]).toEqual([409, 'PIC_SCRIPT_ROLLBACK_NONE'])
    const none = await rollBack(script, { version: 5 })
    expect([none.status, none.body.code]).toEqual([404, 'PIC_SCRIPT_VERSION_NOT_FOUND'])
    expect((await rollBack(script, { version: 1 })).body.version).toBe(1)
    expect((await rollBack(script, {})).status).toBe(409)
    expect((await rollBack(script, { version: 4 })).body.version).toBe(4)
    expect((await rollBack(script, { version: 4 })).body.version).toBe(4)
    expect((await rollBack(script)).body.version).toBe(2)
  })

  it.each([{ version: 0 }, { version: '1' }, { to: 1 }])('refuses %j', async (json) => {
    expect((await rollBack(await make(), json)).status).toBe(422)
  })
})

describe('differences', () => {
  it('are those from the version before to the newest, unless said otherwise', async () => {
    const script = await make('let a = 1;\nlet b = 2;\na + b')
    await save(script, 'let a = 1;\nlet b = 3;\na + b\n')
    const { status, body } = await api.request('GET', `${script.path}/diff`)
    expect(status).toBe(200)
    expect(scriptDiffSchema.parse(body)).toEqual(body)
    expect(body).toMatchObject({ from: 1, to: 2, lines_added: 2, lines_removed: 2 })
    expect(body.unified).toBe(
      `--- ${script.name}@1\n+++ ${script.name}@2\n@@ -1,3 +1,3 @@\n let a = 1;\n` +
        '-let b = 2;\n-a + b\n\\ No newline at end of file\n+let b = 3;\n+a + b\n',
    )
    const line = (change: string, text: string, has_line_break = true) => ({
      change,
      text,
      has_line_break,
    })
    expect(body.hunks).toEqual([
      {
        from_line: 1,
        from_lines: 3,
        to_line: 1,
        to_lines: 3,
        lines: [
          line('kept', 'let a = 1;'),
          line('removed', 'let b = 2;'),
          line('removed', 'a + b', false),
          line('added', 'let b = 3;'),
          line('added', 'a + b'),
        ],
      },
    ])
    const back = await api.request('GET', `${script.path}/diff?from=2&to=1`)
    expect(back.body).toMatchObject({ from: 2, to: 1, lines_added: 2, lines_removed: 2 })
    const same = await api.request('GET', `${script.path}/diff?from=2&to=2`)
    expect(same.body).toMatchObject({ unified: '', hunks: [], is_minimal: true })
  })

  it('of versions with too many lines are refused', async () => {
    const script = await make('\n'.repeat(100_001))
    const { status, body } = await api.request('GET', `${script.path}/diff`)
    expect([status, body.code]).toEqual([422, 'PIC_SCRIPT_DIFF_TOO_LONG'])
  })

  it('of the first version are all of it', async () => {
    const script = await make('1')
    const { body } = await api.request('GET', `${script.path}/diff`)
    expect(body).toMatchObject({ from: 0, to: 1, lines_added: 1, lines_removed: 0 })
  })

  it.each([
    ['from=9', 404],
    ['to=9', 404],
    ['to=0', 400],
    ['from=-1', 400],
    ['from=x', 400],
    ['with=1', 400],
  ])('answer ?%s with %i', async (query, status) => {
    const script = await make()
    expect((await api.request('GET', `${script.path}/diff?${query}`)).status).toBe(status)
  })
})

describe('renaming', () => {
  const rename = ({ path }: Made, name: string, query = '') =>
    api.request('PATCH', path + query, { json: { name } })

  it('gives another name, or the same without a change', async () => {
    const script = await make()
    const { status, body } = await rename(script, 'new-name')
    expect(status).toBe(200)
    expect(body).toMatchObject({ id: script.id, name: 'new-name', version: 1, revision: 2 })
    expect((await rename(script, 'new-name')).body.revision).toBe(2)
  })

  it('refuses a name that another script of the app has, naming it', async () => {
    const [one, other] = [await make(), await make()]
    const { status, body } = await rename(one, other.name)
    expect([status, body.code]).toEqual([409, 'PIC_SCRIPT_NAME_TAKEN'])
    expect(body.detail).toContain(other.name)
    expect((await rename(one, 'not a name')).status).toBe(422)
  })

  it('is refused while others import it, unless forced', async () => {
    const library = await make()
    const importer = await make(`import "${library.name}" as m; m::x()`)
    const { status, body } = await rename(library, 'renamed')
    expect([status, body.code]).toEqual([409, 'PIC_SCRIPT_IN_USE'])
    expect(body).toMatchObject({ routes: [], scripts: [{ id: importer.id, name: importer.name }] })
    expect((await rename(library, 'renamed', '?force=true')).body.name).toBe('renamed')
  })
})

describe('deleting', () => {
  it('says which active versions import it, and which routes it answers', async () => {
    const library = await make()
    const importer = await make(`import "${library.name}" as m; m::x()`)
    const former = await make(`import "${library.name}" as m; m::x()`)
    await save(former, '1')
    // Stored by who could not tell what it imports.
    const { result: unknown } = await api.database.write((tx) =>
      tx.scripts.create({ appId: app as never, name: 'zz', source: `import "${library.name}"` }),
    )
    const route = { app_id: app, script_id: library.id, method: 'GET', path_pattern: '/library' }
    await api.request('POST', '/api/v1/admin/routes', { json: route })
    const { status, body } = await api.request('DELETE', library.path)
    expect([status, body.code]).toEqual([409, 'PIC_SCRIPT_IN_USE'])
    expect(body.routes).toMatchObject([
      { method: 'GET', host_pattern: null, path_pattern: '/library' },
    ])
    expect(body.scripts).toEqual([
      { id: importer.id, name: importer.name },
      { id: unknown.id, name: 'zz' },
    ])
    expect(body.detail).toContain(`the route GET /library and is imported by the script "`)
    expect((await api.request('DELETE', `${library.path}?force=true`)).status).toBe(204)
    expect((await api.request('GET', importer.path)).status).toBe(200)
  })

  it('does not mind a script that imports itself', async () => {
    const script = await make()
    await save(script, `import "${script.name}" as me; 1`)
    expect((await api.request('DELETE', script.path)).status).toBe(204)
  })
})

describe('paths with a verb', () => {
  it('are POST only', async () => {
    const script = await make()
    const { status, headers } = await api.request('POST', script.path)
    expect(status).toBe(405)
    expect(headers.get('allow')).not.toContain('POST')
    const verb = await api.request('PUT', `${script.path}/versions/1:activate`)
    expect(verb.status).toBe(405)
    expect(verb.headers.get('allow')).toContain('POST')
  })

  it('are in the OpenAPI document, the body of a roll back optional', async () => {
    const { body } = await api.request('GET', '/api/v1/openapi.json')
    const rollback = body.paths['/api/v1/admin/scripts/{script_id}:rollback'].post
    expect(rollback.requestBody.required).toBe(false)
    expect(body.paths).toHaveProperty([
      '/api/v1/admin/scripts/{script_id}/versions/{version}:activate',
      'post',
    ])
  })
})

const DESCRIBED = `//! A greeter.
import "texts" as texts;
const NUL = "\\x00";
/// Greets.
fn hello(name) { log::info(name) }
hello(texts::greeting());
frobnicate()
`
