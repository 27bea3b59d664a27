import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { picloud } from './command-line.ts'

describe('picloud run', () => {
  let directory = ''
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'picloud-run-'))
  })
  afterAll(() => rm(directory, { recursive: true }))

  async function run(source: string | Uint8Array, ...args: string[]) {
    return runWith({}, source, ...args)
  }

  async function runWith(
    env: Readonly<Record<string, string>>,
    source: string | Uint8Array,
    ...args: string[]
  ) {
    const path = join(directory, 'script.rhai')
    await writeFile(path, source)
    const ended = await picloud(['run', path, ...args], env)
    return { ...ended, stderr: ended.stderr.replaceAll(path, 'script.rhai') }
  }

  it('obeys the limits of the environment, which its errors name', async () => {
    const ended = await runWith({ PICLOUD_LIMIT_OPERATIONS: '1000' }, 'loop {}')
    expect(ended.stderr).toContain('the limit operationsMax is 1000.')
    const wrong = await runWith({ PICLOUD_LIMIT_OPERATIONS: 'many' }, '1')
    expect(wrong).toMatchObject({ code: 2, stdout: '' })
  })

  it('says where a redirect leads', async () => {
    const ended = await run('#{ statusCode: 302, headers: #{ location: "/there" } }')
    expect(ended).toMatchObject({ code: 0, stderr: '302 to /there\n' })
  })

  it.each<[string, string, string]>([
    [
      'does not compile',
      'let a = 1;\nlet b = ;\n',
      "error: script.rhai:2:9: Unexpected ';'\n  2 | let b = ;\n    |         ^\n",
    ],
    [
      'fails in a function',
      'fn f(x) {\n\tx + nosuch\n}\nf(1)',
      'error: script.rhai:2:6: Variable not found: nosuch (line 2, position 6)\n' +
        "  2 |     x + nosuch\n    |         ^\n  in call to function 'f'\n",
    ],
    [
      'throws a status',
      'throw #{ status: 404, message: "Not here." }',
      'error: script.rhai:1:1: answers 404: Not here.\n' +
        '  1 | throw #{ status: 404, message: "Not here." }\n    | ^\n',
    ],
    [
      'never ends',
      'loop {}',
      'error: script.rhai:1:6: Too many operations: the limit operationsMax is 100000000. ' +
        'PICLOUD_LIMIT_OPERATIONS raises it.\n  1 | loop {}\n    |      ^\n',
    ],
  ])('shows where a script that %s', async (_case, source, stderr) => {
    expect(await run(source)).toEqual({ code: 1, stdout: '', stderr })
  })

  it('prints the answer to stdout as it is, and the rest to stderr', async () => {
    const source = 'print("a"); log::warn("b\\x1b", #{ n: 1 }); request.body.name'
    expect(await run(source, '--request', '{"body":{"name":"Ada"}}')).toEqual({
      code: 0,
      stdout: 'Ada',
      stderr: 'info  a\nwarn  b\\u{1b} {"n":1}\n200 text/plain; charset=utf-8\n',
    })
  })

  it('ends with 1 for an answer of 400 or more', async () => {
    const ended = await run('#{ statusCode: 400, body: "no" }')
    expect(ended).toMatchObject({ code: 1, stdout: 'no' })
  })

  it('has a machine form for answers, also those that are no text, and for failures', async () => {
    const answer = await run('#{ a: 1 }', '--json')
    expect(JSON.parse(answer.stdout)).toEqual({
      status: 200,
      headers: { 'content-type': 'application/json' },
      body: '{"a":1}',
    })
    const bytes = await run('blob(2, 255)', '--json')
    expect(JSON.parse(bytes.stdout)).toMatchObject({ body: null, body_base64: '//8=' })
    const failure = await run('\n nosuch', '--json')
    expect(failure).toMatchObject({ code: 1, stdout: '' })
    expect(JSON.parse(failure.stderr)).toMatchObject({
      code: 'PIC_SCRIPT_ERROR',
      kind: 'ErrorVariableNotFound',
      line: 2,
      column: 2,
      status: 500,
    })
  })

  it('refuses what is no text, no file or no request', async () => {
    expect(await run(new Uint8Array([0xff, 0xfe]))).toEqual({
      code: 2,
      stdout: '',
      stderr: 'error: script.rhai is not UTF-8 text.\n',
    })
    expect((await picloud(['run', directory])).stderr).toContain('it is a directory')
    expect((await run('1', '--request', '{')).code).toBe(2)
  })
})
