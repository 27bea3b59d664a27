import { once } from 'node:events'
import { createServer, type RequestListener, type Server } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { checkPort, closeServer, listen, urlOf } from './listen.ts'

const servers: Server[] = []
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections()
    server.close()
  }
})

function serverOf(listener: RequestListener): Server {
  const server = createServer(listener)
  servers.push(server)
  return server
}

describe('listen', () => {
  it('says what takes a port, in one line with what to set', async () => {
    const port = await listen(
      serverOf(() => {}),
      '127.0.0.1',
      0,
    )
    const second = serverOf(() => {})
    await expect(listen(second, '127.0.0.1', port)).rejects.toMatchObject({
      code: 'PIC_PORT_UNAVAILABLE',
      message:
        `Cannot listen on 127.0.0.1 port ${port}: another program listens there already. ` +
        'PICLOUD_HOST and PICLOUD_PORT choose another.',
    })
  })

  it.each([
    ['192.0.2.1', 'this machine has no such address'],
    ['no-such-host.invalid', 'there is no such host'],
  ])('says what is wrong with %s', async (host, reason) => {
    const server = serverOf(() => {})
    await expect(listen(server, host, 0)).rejects.toThrow(`${host} port 0: ${reason}.`)
  })

  it('answers with the port it was given when any would do', async () => {
    const server = serverOf((_, response) => response.end('here'))
    const port = await listen(server, '127.0.0.1', 0)
    expect(port).toBe((server.address() as AddressInfo).port)
    expect(await (await fetch(urlOf('127.0.0.1', port))).text()).toBe('here')
  })
})

describe('checkPort', () => {
  it('leaves a port free that can be had, and says which cannot', async () => {
    const server = serverOf(() => {})
    const port = await listen(server, '127.0.0.1', 0)
    await expect(checkPort('127.0.0.1', port)).rejects.toMatchObject({
      code: 'PIC_PORT_UNAVAILABLE',
    })
    await closeServer(server, 0)
    await checkPort('127.0.0.1', port)
    expect(
      await listen(
        serverOf(() => {}),
        '127.0.0.1',
        port,
      ),
    ).toBe(port)
  })
})

describe('urlOf', () => {
  it.each([
    ['127.0.0.1', 'http://localhost:80'],
    ['0.0.0.0', 'http://localhost:80'],
    ['::', 'http://localhost:80'],
    ['::1', 'http://localhost:80'],
    ['10.0.0.1', 'http://10.0.0.1:80'],
    ['fd00::1', 'http://[fd00::1]:80'],
    ['box.example', 'http://box.example:80'],
  ])('of %s is %s', (host, url) => {
    expect(urlOf(host, 80)).toBe(url)
  })
})

describe('closeServer', () => {
  it('ends a connection its client keeps, once what is under way is answered', async () => {
    const asked = Promise.withResolvers<void>()
    const released = Promise.withResolvers<void>()
    const server = serverOf(async (_, response) => {
      asked.resolve()
      await released.promise
      response.end('done')
    })
    const port = await listen(server, '127.0.0.1', 0)
    const answer = fetch(urlOf('127.0.0.1', port))
    await asked.promise
    const closed = closeServer(server, 20_000)
    await expect(fetch(urlOf('127.0.0.1', port))).rejects.toThrow()
    released.resolve()
    expect(await (await answer).text()).toBe('done')
    await closed
  })

  it('cuts off what is still under way when the grace is over', async () => {
    const server = serverOf(() => {})
    const port = await listen(server, '127.0.0.1', 0)
    const socket = connect(port, '127.0.0.1')
    socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n')
    await once(server, 'request')
    const ended = once(socket, 'close')
    await closeServer(server, 50)
    await ended
  })
})
