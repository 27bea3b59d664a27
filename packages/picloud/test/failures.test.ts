import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { picloud } from './command-line.ts'
import { type Handler, listOf, problem, ScriptedApi } from './scripted-api.ts'

/** Runs a command against a server that answers so. */
async function against(handler: Handler, args: readonly string[], env = {}) {
  await using api = await ScriptedApi.listen(handler)
  const ended = await picloud(args, { PICLOUD_SERVER: api.url, ...env })
  return { ...ended, seen: api.seen, url: api.url }
}

describe('exit codes', () => {
  it.each([
    ['no command', [], 2],
    ['an unknown command', ['nosuch'], 2],
    ['a command without its verb', ['apps'], 2],
    ['an unknown flag', ['apps', 'list', '--jsno'], 2],
    ['a missing argument', ['deploy', '--route', '/x'], 2],
    ['a missing option', ['deploy', 'x.rhai'], 2],
    ['a value that is none of the choices', ['logs', '--outcome', 'maybe'], 2],
    ['a limit over the ceiling', ['logs', '--limit', '201'], 2],
    ['an unknown method', ['deploy', 'x.rhai', '--route', '/x', '--method', 'GRAB'], 2],
    ['a path that is none', ['deploy', 'x.rhai', '--route', 'x'], 2],
    ['a file that is not there', ['deploy', '/nowhere.rhai', '--route', '/x'], 2],
    ['a folder that is not there', ['deploy', '/nowhere'], 2],
    ['a server that is no URL', ['apps', 'list', '--server', 'pi'], 2],
    ['a wrong setting', ['start', '--port', 'http'], 2],
    ['a topic that is none', ['help', 'nosuch'], 2],
    ['help', ['--help'], 0],
    ['help of a command', ['help', 'apps', 'create'], 0],
    ['help of apps get', ['help', 'apps', 'get'], 0],
    ['help of apps show', ['help', 'apps', 'show'], 0],
    ['help of scripts get', ['help', 'scripts', 'get'], 0],
    ['help of scripts show', ['help', 'scripts', 'show'], 0],
    ['help of routes get', ['help', 'routes', 'get'], 0],
    ['help of routes show', ['help', 'routes', 'show'], 0],
    ['help of executions get', ['help', 'executions', 'get'], 0],
    ['help of executions show', ['help', 'executions', 'show'], 0],
    ['the version', ['--version'], 0],
  ])('after %s', async (_case, args, code) => {
    const ended = await picloud(args)
    expect(ended.code).toBe(code)
    // Nothing but what was asked for may reach stdout.
    if (code === 0) expect(ended.stderr).toBe('')
    else expect(ended.stdout).toBe('')
    expect(ended.stderr).not.toMatch(/^\s+at /m)
  })

  it.each([
    [400, 'PIC_QUERY_INVALID', 2],
    [401, 'PIC_UNAUTHENTICATED', 4],
    [403, 'PIC_SETUP_REFUSED', 4],
    [404, 'PIC_APP_NOT_FOUND', 5],
    [409, 'PIC_APP_NOT_EMPTY', 6],
    [422, 'PIC_PATH_PATTERN_INVALID', 2],
    [422, 'PIC_DOMAIN_PUBLIC_SUFFIX', 2],
    [422, 'PIC_ROUTE_UNREACHABLE', 2],
    [422, 'PIC_ROUTE_HOST_UNCLAIMED', 5],
    [422, 'PIC_SCRIPT_COMPILE', 1],
    [429, 'PIC_ATTEMPTS_LIMITED', 1],
    [500, 'PIC_INTERNAL', 1],
  ])('after an answer of %i', async (status, code, exitCode) => {
    const args = ['apps', 'get', 'shop', '--token', 'pic_x']
    const ended = await against(() => problem(status, code, 'It is so.'), args)
    expect(ended.code).toBe(exitCode)
    expect(ended.stderr.split('\n')[0]).toMatch(/^error: It is so\./)
    expect(ended.stdout).toBe('')
  })

  it.each([
    [401, 'PIC_UNAUTHENTICATED', 4],
    [403, 'PIC_SCOPE_MISSING', 4],
    [404, 'PIC_ROUTE_SCRIPT_UNKNOWN', 5],
    [404, 'PIC_SCRIPT_THROWN', 1],
  ])('after running a script by its id, with %i %s', async (status, code, exitCode) => {
    const id = '01a22dd8-ee73-76b3-b79f-d918266b8856'
    const ended = await against(() => problem(status, code, 'No.'), ['invoke', id])
    expect(ended.code).toBe(exitCode)
    // A token that may only execute could not look the script up first.
    expect(ended.seen.map(({ url }) => url)).toEqual([`/api/v1/execute/${id}`])
  })

  it('says first that there is no such file or folder', async () => {
    const { stderr } = await picloud(['deploy', '/nowhere'])
    expect(stderr).toBe('error: Cannot read /nowhere: there is no such file.\n')
  })

  it('is 3 when nothing listens there', async () => {
    const ended = await picloud(['apps', 'list', '--server', 'http://127.0.0.1:9'])
    expect(ended).toEqual({
      code: 3,
      stdout: '',
      stderr:
        'error: Cannot reach PiCloud at http://127.0.0.1:9: connection refused. ' +
        'Is it running (picloud start), and is --server or PICLOUD_SERVER right?\n',
    })
  })

  it('is 3 when the connection breaks off', async () => {
    const handler: Handler = (_request, response) => {
      response.destroy()
      return undefined
    }
    const ended = await against(handler, ['apps', 'list'])
    expect(ended.code).toBe(3)
    expect(ended.stderr).toMatch(
      /^error: Cannot reach PiCloud at .*: the connection was closed\.\n$/,
    )
  })

  it.each([
    ['a page of another program', { text: '<html>', headers: { 'content-type': 'text/html' } }, 3],
    ['an error of another program', { status: 404, text: 'nope' }, 3],
    ['a redirect', { status: 302, text: '', headers: { location: '/login' } }, 3],
    ['JSON of another shape', { json: { apps: [] } }, 1],
  ])('after %s', async (_case, answer, code) => {
    const ended = await against(() => answer, ['apps', 'list'])
    expect(ended.code).toBe(code)
    expect(ended.stderr.trimEnd().split('\n')).toHaveLength(1)
  })
})

describe('what an error says', () => {
  it('names every wrong argument once', async () => {
    const errors = [
      { pointer: '/slug', message: 'Too long.' },
      { pointer: '/name', message: 'It is so' },
      { pointer: '', message: 'All wrong.' },
    ]
    const handler = () => problem(422, 'PIC_REQUEST_INVALID', 'It is so.', { errors })
    const ended = await against(handler, ['apps', 'create', 'x'])
    expect(ended.stderr).toBe('error: slug: Too long.\n  /name: It is so\n  (all): All wrong.\n')
  })

  it('gives the request id of what went wrong in the server', async () => {
    const ended = await against(() => problem(500, 'PIC_INTERNAL', 'Broken.'), ['apps', 'list'])
    expect(ended.stderr).toBe('error: Broken.\n  PIC_INTERNAL, request request-1\n')
  })

  it('says where the token came from, or how to give one', async () => {
    const handler = () => problem(401, 'PIC_UNAUTHENTICATED', 'No.')
    const given = await against(handler, ['apps', 'list'], { PICLOUD_TOKEN: 'pic_secret' })
    expect(given.stderr).toBe('error: No. The token came from PICLOUD_TOKEN.\n')
    expect(given.seen[0]?.headers.authorization).toBe('Bearer pic_secret')
    const none = await against(handler, ['apps', 'list'], { PICLOUD_DATA_DIR: '/nowhere' })
    expect(none.stderr).toContain('/nowhere/cli-token')
    expect(none.seen[0]?.headers.authorization).toBeUndefined()
  })

  it('shows nothing that a terminal would act on', async () => {
    const handler = () => problem(404, 'PIC_X', 'gone\u{1b}[2J\r\nerror: fake')
    const ended = await against(handler, ['apps', 'get', 'x'])
    expect(ended.stderr).toBe('error: gone\\u{1b}[2J\\r\n  error: fake\n')
  })

  it('is the problem document with --json, also where no server was reached', async () => {
    const refused = await against(
      () => problem(409, 'PIC_APP_NOT_EMPTY', 'Full.', { would_delete: { scripts: 2 } }),
      ['apps', 'delete', 'x', '--json'],
    )
    expect(JSON.parse(refused.stderr)).toMatchObject({
      code: 'PIC_APP_NOT_EMPTY',
      status: 409,
      would_delete: { scripts: 2 },
    })
    expect(refused.code).toBe(6)
    const away = await picloud(['apps', 'list', '--json', '--server', 'http://127.0.0.1:9'])
    expect(JSON.parse(away.stderr)).toMatchObject({ code: 'PIC_CLI_UNREACHABLE' })
    expect(away.code).toBe(3)
  })

  it('speaks of --force where the API speaks of its query', async () => {
    const handler = () => problem(409, 'PIC_X', 'Repeat with ?force=true to do so.')
    const ended = await against(handler, ['apps', 'delete', 'x'])
    expect(ended.stderr).toBe('error: Repeat with --force to do so.\n')
  })
})

describe('a script that does not compile', () => {
  let directory = ''
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'picloud-deploy-'))
    await writeFile(join(directory, 'broken.rhai'), 'let a = 1;\nlet b = ;\n')
  })
  afterAll(() => rm(directory, { recursive: true }))

  const now = '2026-01-02T03:04:05.000Z'
  const app = {
    id: '0199a000-0000-7000-8000-000000000001',
    slug: 'default',
    settings: {},
    name: 'Default',
    created_at: now,
    revision: 1,
    updated_at: now,
  }
  const handler: Handler = (request) => {
    if (request.url === '/api/v1/admin/apps/default') return { json: app }
    if (request.method === 'GET') return listOf()
    return problem(422, 'PIC_SCRIPT_COMPILE', 'The script does not compile: ..', {
      line: 2,
      column: 9,
      kind: 'ErrorParsing',
      compile_message: "Unexpected ';'",
    })
  }

  it('is shown with its line and a caret', async () => {
    const file = join(directory, 'broken.rhai')
    const ended = await against(handler, ['deploy', file, '--route', '/x'])
    expect(ended.stderr).toBe(
      `error: ${file}:2:9: Unexpected ';'\n  2 | let b = ;\n    |         ^\n`,
    )
    expect(ended.code).toBe(1)
    expect(ended.seen.filter((request) => request.method !== 'GET')).toHaveLength(1)
  })

  it('keeps its position in the machine form', async () => {
    const args = ['deploy', join(directory, 'broken.rhai'), '--route', '/x', '--json']
    const ended = await against(handler, args)
    expect(JSON.parse(ended.stderr)).toMatchObject({
      code: 'PIC_SCRIPT_COMPILE',
      line: 2,
      column: 9,
    })
  })
})
