/**
 * Malformed and ambiguous HTTP, many connections at a time.
 *
 * @module
 */
import { type Abuse, type Fight, type Notes, pause } from '../abuse.ts'
import { type MalformedMessage, malformedMessage } from '../malformed-http.ts'
import { RawConnection } from '../raw-connection.ts'
import { readAnswers } from '../read-answers.ts'
import { VICTIM_WORD } from '../stage.ts'

const CONNECTIONS = 20
/** So long after the last byte no other answer is awaited. */
const QUIET_MS = 200
const ANSWER_MS_MAX = 1_000
/** So long after the client has ended its side the program may keep its own. */
const CLOSED_MS_MAX = 30_000

export const http: Abuse = {
  name: 'http',
  title: 'malformed and ambiguous HTTP',
  prepare: async ({ server, attacker }) => {
    const path = await attacker.deploy('"echo " + request.method')
    return async ({ random, signal, notes }) => {
      const work = Array.from({ length: CONNECTIONS }, async () => {
        while (!signal.aborted)
          await tryMessage(server.url, malformedMessage(random, path), { random, notes })
      })
      await Promise.all(work)
    }
  },
}

async function tryMessage(
  url: string,
  message: MalformedMessage,
  { random, notes }: Pick<Fight, 'random' | 'notes'>,
): Promise<void> {
  const cut = random.chance(0.3) ? Math.floor(random.next() * message.bytes.length) : 0
  const connection = new RawConnection(url).read()
  if (!(await connection.opened)) {
    notes.wrong(`a connection was refused: ${connection.fault}`)
    return
  }
  const startedAt = performance.now()
  if (cut > 0) {
    connection.send(message.bytes.slice(0, cut))
    await pause(5)
  }
  connection.send(message.bytes.slice(cut))
  while (connection.isOpen && performance.now() < quietAt(connection, startedAt)) await pause(20)
  connection.end()
  const isClosed = await Promise.race([
    connection.closed.then(() => true),
    pause(CLOSED_MS_MAX).then(() => false),
  ])
  if (!isClosed) notes.wrong(`a connection stays open after ${message.shape}`)
  connection.drop()
  judge(message, connection.received, notes)
}

function quietAt({ receivedAt }: RawConnection, startedAt: number): number {
  return receivedAt === 0 ? startedAt + ANSWER_MS_MAX : receivedAt + QUIET_MS
}

function judge(message: MalformedMessage, received: string, notes: Notes): void {
  const { shape, bytes, answersMax, asksVictim = false } = message
  notes.count('messages')
  const what = `${shape}, ${JSON.stringify(bytes.slice(0, 600))}`
  try {
    const answers = readAnswers(received)
    for (const { status } of answers) notes.count(`answered ${status}`)
    if (answers.length === 0) notes.count('answered nothing')
    if (answers.length > answersMax) notes.wrong(`${answers.length} answers to ${what}`)
    if (
      answers.some(
        ({ status }) => status >= 500 && status !== 501 && status !== 503 && status !== 505,
      )
    ) {
      notes.wrong(`a failure answers ${what}`)
    }
  } catch (error) {
    notes.wrong(`${(error as Error).message} to ${what}`)
  }
  if (!asksVictim && received.includes(VICTIM_WORD)) notes.wrong(`the victim answers ${what}`)
}
