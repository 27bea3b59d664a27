import { once } from 'node:events'
import { createServer } from 'node:net'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { problem, ScriptedApi } from '../../test/scripted-api.ts'
import { ServerUnreachableError } from '../errors.ts'
import { sendRequest } from './http-transport.ts'

function connectionTo(url: string, token: string | null = null) {
  return { server: new URL(url), credentials: () => ({ token, advice: '' }) }
}

describe('sendRequest', () => {
  it('gives up on an answer that does not begin by the deadline', async () => {
    await using api = await ScriptedApi.listen(() => undefined)
    const request = { method: 'GET', path: '/', deadlineMs: 100 }
    await expect(sendRequest(connectionTo(api.url), request)).rejects.toThrow(
      new ServerUnreachableError(`Cannot reach PiCloud at ${api.url}: no answer within 0.1 s.`),
    )
  })

  it('gives up on an answer that does not end by the deadline', async () => {
    await using api = await ScriptedApi.listen((_request, response) => {
      response.write('a')
      return undefined
    })
    const request = { method: 'GET', path: '/', deadlineMs: 100 }
    await expect(sendRequest(connectionTo(api.url), request)).rejects.toThrow('within 0.1 s')
  })

  it('does not take half an answer for a whole one', async () => {
    await using api = await ScriptedApi.listen((_request, response) => {
      response.writeHead(200, { 'content-length': '10' })
      response.write('half', () => response.destroy())
      return undefined
    })
    const request = { method: 'GET', path: '/' }
    await expect(sendRequest(connectionTo(api.url), request)).rejects.toThrow(
      ServerUnreachableError,
    )
  })

  it('refuses what is no HTTP', async () => {
    const server = createServer((socket) => socket.resume().end('SSH-2.0-OpenSSH\r\n'))
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const address = server.address()
    const port = address !== null && typeof address === 'object' ? address.port : 0
    const request = { method: 'GET', path: '/' }
    await expect(sendRequest(connectionTo(`http://127.0.0.1:${port}`), request)).rejects.toThrow(
      ServerUnreachableError,
    )
    server.close()
    await once(server, 'close')
  })

  it('keeps the path of a server that lives below one, and asks nothing else of it', async () => {
    await using api = await ScriptedApi.listen(() => ({ text: 'ok' }))
    const query = { a: 'x y', c: '1' }
    const request = { method: 'GET', path: '/api', query }
    await sendRequest(connectionTo(`${api.url}/pi/?q=1`, 'pic_x'), request)
    expect(api.seen[0]?.url).toBe('/pi/api?a=x+y&c=1')
    expect(api.seen[0]?.headers.authorization).toBe('Bearer pic_x')
  })

  it('answers redirects and errors as they came, and bytes unchanged', async () => {
    const zipped = gzipSync('text')
    await using api = await ScriptedApi.listen((request, response) => {
      if (request.url === '/redirect') return { status: 307, headers: { location: '/' }, text: '' }
      if (request.url === '/error') return problem(500, 'PIC_X', 'x')
      response.writeHead(200, { 'content-encoding': 'gzip' })
      response.end(zipped)
      return undefined
    })
    const get = (path: string) => sendRequest(connectionTo(api.url), { method: 'GET', path })
    expect((await get('/redirect')).status).toBe(307)
    expect((await get('/error')).status).toBe(500)
    expect(Buffer.from((await get('/zipped')).body)).toEqual(zipped)
  })

  it('sends a body with its length', async () => {
    await using api = await ScriptedApi.listen(() => ({ text: 'ok' }))
    const body = new TextEncoder().encode('ä')
    await sendRequest(connectionTo(api.url), { method: 'POST', path: '/', body })
    expect(api.seen[0]).toMatchObject({ body: 'ä', headers: { 'content-length': '2' } })
  })
})
