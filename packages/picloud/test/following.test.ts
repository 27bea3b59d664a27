import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { expect, it } from 'vitest'
import { startPicloud } from './command-line.ts'
import { type Answer, problem, ScriptedApi, type SeenRequest } from './scripted-api.ts'

function execution(number: number): object {
  return {
    id: `0199a000-0000-7000-8000-${String(number).padStart(12, '0')}`,
    app_id: '0199a000-0000-7000-8000-00000000000a',
    script_id: '0199a000-0000-7000-8000-00000000000b',
    script_name: 'guestbook',
    version: 3,
    route_id: null,
    trigger: 'http',
    outcome: 'ok',
    method: 'GET',
    path: `/n/${number}`,
    status: 200,
    started_at: '2026-01-02T03:04:05.678Z',
    duration_ms: 1.25,
    operations: 10,
    logs: [{ at: '2026-01-02T03:04:05.678Z', level: 'info', message: 'hi', fields: { number } }],
    logs_dropped: 0,
    error: null,
  }
}

/** What a server with records 1 and 2 answers; records 3 and 4 come while one follows. */
function answerOf(request: SeenRequest): Answer {
  const query = new URL(request.url, 'http://x').searchParams
  const page = (cursor: string | null, ...numbers: number[]) => ({
    json: { items: numbers.map(execution), next_cursor: cursor },
  })
  switch (query.get('after')) {
    case null:
      return page(null, 2, 1)
    case 'latest':
      return page('c1')
    case 'c1':
      // Record 2 was listed too: it was recorded between the two questions.
      return page('c3', 2, 3)
    case 'c3':
      return problem(503, 'PIC_MANAGER_STOPPING', 'Stopping.')
    default:
      throw new Error(`nobody was given the cursor ${query.get('after')}`)
  }
}

it('follows without a gap or a repetition, also after the server was away', async () => {
  const lines: string[] = []
  const notes: string[] = []
  let api = await ScriptedApi.listen(answerOf)
  const child = startPicloud(['logs', '--follow', '--server', api.url])
  try {
    if (child.stdout === null || child.stderr === null) throw new Error('no pipes')
    createInterface(child.stdout).on('line', (line) => lines.push(line))
    createInterface(child.stderr).on('line', (line) => notes.push(line))
    await expect
      .poll(() => notes.join('\n'), { timeout: 15_000 })
      .toContain('Stopping. Trying again')
    const { port, seen } = api
    expect(seen.at(-1)?.url).toContain('wait_ms=25000')

    await api[Symbol.asyncDispose]()
    await expect.poll(() => notes.join('\n'), { timeout: 15_000 }).toContain('connection refused')
    let held = 0
    api = await ScriptedApi.listen((request) => {
      const after = new URL(request.url, 'http://x').searchParams.get('after')
      if (after === 'c3') return { json: { items: [execution(4)], next_cursor: 'c4' } }
      held += 1
      return undefined
    }, port)
    await expect.poll(() => held, { timeout: 15_000 }).toBe(1)

    expect(notes.at(-1)).toBe('Following again.')
    const heads = lines.filter((line) => !line.startsWith(' '))
    expect(heads).toEqual(
      [1, 2, 3, 4].map(
        (number) => `2026-01-02 03:04:05.678  200  GET /n/${number}  1.3 ms  guestbook v3`,
      ),
    )
    expect(lines[1]).toBe('    info  hi {"number":1}')
  } finally {
    child.kill('SIGKILL')
    await once(child, 'close')
    await api[Symbol.asyncDispose]()
  }
})

it('ends when the server refuses for good', async () => {
  await using api = await ScriptedApi.listen((request) => {
    const wait = new URL(request.url, 'http://x').searchParams.has('wait_ms')
    return wait ? problem(401, 'PIC_UNAUTHENTICATED', 'Gone.') : answerOf(request)
  })
  const child = startPicloud(['logs', '-f', '--json', '--server', api.url])
  let stdout = ''
  child.stdout?.on('data', (chunk) => {
    stdout += String(chunk)
  })
  const [code] = await once(child, 'close')
  expect(code).toBe(4)
  const paths = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line).path)
  expect(paths).toEqual(['/n/1', '/n/2'])
})
