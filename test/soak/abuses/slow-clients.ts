/**
 * Clients that open connections and then do next to nothing with them.
 *
 * @module
 */
import { type Abuse, type Fight, pause } from '../abuse.ts'
import { RawConnection } from '../raw-connection.ts'
import { ATTACKER_HOST } from '../stage.ts'

/** So many are opened at a time: a listener's queue has a length. */
const OPENED_AT_ONCE = 100
const BYTE_EVERY_MS = 500
/** The time-outs of heads and bodies are 10 seconds, and looked after twice a minute. */
const CLOSED_MS_MAX = 75_000

/** Stands for that of the script. */
const PATH = '/script'

interface SlowClient {
  /** Sent at once. */
  readonly first: string
  /** Then so much at a time. */
  readonly drip: string
}

const SILENT: SlowClient = { first: '', drip: '' }
const SLOW_HEAD: SlowClient = {
  first: `GET ${PATH} HTTP/1.1\r\nHost: ${ATTACKER_HOST}\r\nX-Slow: `,
  drip: 'a',
}
const SLOW_BODY: SlowClient = {
  first: `POST ${PATH} HTTP/1.1\r\nHost: ${ATTACKER_HOST}\r\nContent-Length: 100000\r\n\r\n`,
  drip: 'a',
}

export const connections = slowClients({
  name: 'connections',
  title: '10,000 connections that are opened and left',
  count: 10_000,
  client: SILENT,
})

export const slowHeads = slowClients({
  name: 'slow-heads',
  title: '2,000 clients that send their header a byte at a time',
  count: 2_000,
  client: SLOW_HEAD,
})

export const slowBodies = slowClients({
  name: 'slow-bodies',
  title: '2,000 clients that send their content a byte at a time',
  count: 2_000,
  client: SLOW_BODY,
})

/** As one of the above, with fewer. */
export function fewSlowClients(count: number): readonly Abuse[] {
  const table: Readonly<Record<string, SlowClient>> = {
    'few-connections': SILENT,
    'few-slow-heads': SLOW_HEAD,
    'few-slow-bodies': SLOW_BODY,
  }
  return Object.entries(table).map(([name, client]) =>
    slowClients({ name, title: name, count, client, leavesEarly: true }),
  )
}

interface SlowClients {
  readonly name: string
  readonly title: string
  readonly count: number
  readonly client: SlowClient
  /** Whether nobody stays to see that the program ends the connections. */
  readonly leavesEarly?: boolean
}

function slowClients({ name, title, count, client, leavesEarly = false }: SlowClients): Abuse {
  return {
    name,
    title,
    prepare: async ({ server, attacker }) => {
      const first = client.first.replace(PATH, await attacker.deploy('"swallowed"'))
      return async (fight) => {
        const open: RawConnection[] = []
        await openAll(open, { url: server.url, count, first, fight })
        fight.notes.count('connections opened', open.length)
        if (open.length < count)
          fight.notes.wrong(`only ${open.length} of ${count} could be opened`)
        while (!fight.signal.aborted) {
          if (client.drip !== '') for (const each of open) each.send(client.drip)
          await pause(BYTE_EVERY_MS, fight.signal)
        }
        if (!leavesEarly) await allClosed(open, client, fight)
        for (const each of open) each.drop()
      }
    },
  }
}

interface Opening {
  readonly url: string
  readonly count: number
  readonly first: string
  readonly fight: Fight
}

async function openAll(open: RawConnection[], { url, count, first, fight }: Opening) {
  for (let made = 0; made < count; made += OPENED_AT_ONCE) {
    const some = Array.from({ length: Math.min(OPENED_AT_ONCE, count - made) }, async () => {
      const connection = new RawConnection(url).read()
      if (!(await connection.opened)) {
        fight.notes.count(`not opened: ${connection.fault}`)
        return
      }
      connection.send(first)
      open.push(connection)
    })
    await Promise.all(some)
  }
}

/** The program is to end what never becomes a request. */
async function allClosed(
  open: readonly RawConnection[],
  { drip }: SlowClient,
  { notes }: Fight,
): Promise<void> {
  const giveUpAt = Date.now() + CLOSED_MS_MAX
  for (;;) {
    const left = open.filter(({ isOpen }) => isOpen)
    if (left.length === 0) break
    if (Date.now() > giveUpAt) {
      notes.wrong(`${left.length} connections of slow clients stay open`)
      break
    }
    if (drip !== '') for (const each of left) each.send(drip)
    await pause(BYTE_EVERY_MS)
  }
  for (const each of open) {
    const status = /^HTTP\/1\.1 (\d+)/.exec(each.received)?.[1] ?? 'nothing'
    notes.count(`ended with ${status}`)
  }
}
