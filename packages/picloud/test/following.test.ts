import { once } from 'node:events'
import type { ServerResponse } from 'node:http'
import { createInterface } from 'node:readline'
import { expect, it } from 'vitest'
import { startPicloud } from './command-line.ts'
import { problem, ScriptedApi, type SeenRequest } from './scripted-api.ts'

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

function event(number: number): string {
  return `id: c${number}\nevent: execution\ndata: ${JSON.stringify(execution(number))}\n\n`
}

/** What a server with records 1 and 2 sends; record 3 comes while one follows, then it stops. */
function sendStream({ url, headers }: SeenRequest, response: ServerResponse): undefined {
  expect(new URL(url, 'http://x').searchParams.get('tail')).toBe('20')
  expect(headers['last-event-id']).toBeUndefined()
  response.writeHead(200, { 'content-type': 'text/event-stream' })
  const text = `retry: 2000\n\n${event(1)}${event(2)}: \nid: c2\n\n${event(3)}`
  // In pieces that end anywhere.
  const middle = text.indexOf('guestbook', 500)
  response.write(text.slice(0, middle))
  setTimeout(() => {
    response.write(text.slice(middle))
    response.end('event: end\ndata: {"reason":"stopping"}\n\n')
  }, 100)
}

it('follows without a gap or a repetition, also after the server was away', async () => {
  const lines: string[] = []
  const notes: string[] = []
  let api = await ScriptedApi.listen((request, response) =>
    request.headers['last-event-id'] === undefined
      ? sendStream(request, response)
      : problem(503, 'PIC_MANAGER_STOPPING', 'Stopping.'),
  )
  const child = startPicloud(['logs', '--follow', '--server', api.url])
  try {
    if (child.stdout === null || child.stderr === null) throw new Error('no pipes')
    createInterface(child.stdout).on('line', (line) => lines.push(line))
    createInterface(child.stderr).on('line', (line) => notes.push(line))
    await expect
      .poll(() => notes.join('\n'), { timeout: 15_000 })
      .toContain('Stopping. Trying again')
    expect(notes[0]).toContain('The server ended the stream: stopping.')
    const { port, seen } = api
    expect(seen.at(-1)?.headers['last-event-id']).toBe('c3')

    await api[Symbol.asyncDispose]()
    await expect.poll(() => notes.join('\n'), { timeout: 15_000 }).toContain('connection refused')
    let held = 0
    api = await ScriptedApi.listen(({ headers }, response) => {
      expect(headers['last-event-id']).toBe('c3')
      held += 1
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      response.write(event(4))
      return undefined
    }, port)
    await expect.poll(() => lines.join('\n'), { timeout: 15_000 }).toContain('/n/4')
    expect(held).toBe(1)

    await expect.poll(() => notes.at(-1)).toBe('Following again.')
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
  await using api = await ScriptedApi.listen((request, response) =>
    request.headers['last-event-id'] === undefined
      ? sendStream(request, response)
      : problem(401, 'PIC_UNAUTHENTICATED', 'Gone.'),
  )
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
  expect(paths).toEqual(['/n/1', '/n/2', '/n/3'])
})
