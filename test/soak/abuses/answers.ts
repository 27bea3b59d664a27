/**
 * Giant answers, at the limit and over it, for clients that read them, that read slowly and that
 * never read.
 *
 * @module
 */
import { DEFAULT_LIMITS } from '@picloud/shared'
import { type Abuse, type Fight, pause } from '../abuse.ts'
import { RawConnection } from '../raw-connection.ts'
import { ATTACKER_HOST, StageApp } from '../stage.ts'
import { KILLED, STOPPED } from './codes.ts'

const { outputBytesMax } = DEFAULT_LIMITS
const NEVER_READ = 100
const READERS = 4

export const answers: Abuse = {
  name: 'answers',
  title: 'giant answers, for clients that read and for clients that never do',
  victimCodes: KILLED,
  prepare: async ({ server, attacker }) => {
    const atLimit = await attacker.deploy(ofBytes(outputBytesMax))
    const over = [
      await attacker.deploy(ofBytes(outputBytesMax + 1)),
      // A text that JSON makes longer.
      await attacker.deploy(`let s = ""; s.pad(4000000, "\\u0001"); #{ s: s }`),
    ]
    return async (fight) => {
      const agent = StageApp.agent()
      const lazy = Array.from({ length: NEVER_READ }, () => neverRead(server.url, atLimit, fight))
      const readers = Array.from({ length: READERS }, async () => {
        while (!fight.signal.aborted) {
          const whole = await attacker.ask({ path: atLimit, agent })
          const codes = [...STOPPED, ...KILLED, 'PIC_EXEC_MEMORY']
          fight.notes.answered('an answer at the limit', whole, codes)
          if (whole.status === 200 && whole.bytes !== outputBytesMax) {
            fight.notes.wrong(`an answer had ${whole.bytes} bytes of ${outputBytesMax}`)
          }
          const path = fight.random.among(over) ?? ''
          const none = await attacker.ask({ path, agent })
          fight.notes.answered('an answer over the limit', none, codes)
          if (none.status === 200) fight.notes.wrong('an answer over the limit was given')
        }
      })
      await Promise.all([...lazy, ...readers])
      agent.destroy()
    }
  },
}

/** The language has a limit of text of the same size, so a blob it is. */
function ofBytes(bytes: number): string {
  const half = Math.floor(bytes / 2)
  return `let a = blob(${half}, 120); let b = blob(${bytes - half}, 120); a.append(b); #{ statusCode: 200, body: a }`
}

async function neverRead(url: string, path: string, { signal, notes }: Fight): Promise<void> {
  while (!signal.aborted) {
    const connection = new RawConnection(url)
    if (!(await connection.opened)) notes.wrong('a client could not connect')
    connection.send(`GET ${path} HTTP/1.1\r\nHost: ${ATTACKER_HOST}\r\n\r\n`)
    notes.count('answers never read')
    await Promise.race([connection.closed, pause(5_000, signal)])
    connection.drop()
  }
}
