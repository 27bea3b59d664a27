/**
 * A short part of the soak: what must hold of the built program while it is abused, without its
 * figures. `npm run soak` has all of it.
 */
import { expect, it } from 'vitest'
import { SeededRandom } from '../hammer/seeded-random.ts'
import { answers } from './abuses/answers.ts'
import { http } from './abuses/http.ts'
import { logs } from './abuses/logs.ts'
import { memory } from './abuses/memory.ts'
import { runaways } from './abuses/runaways.ts'
import { sandboxes } from './abuses/sandboxes.ts'
import { fewSlowClients } from './abuses/slow-clients.ts'
import { malformedMessage } from './malformed-http.ts'
import { readAnswers } from './read-answers.ts'
import { tryAbuses } from './trial.ts'

it('serves others while an app and its clients abuse the program, and loses nothing', async () => {
  const turns = [runaways, memory, logs, answers, ...fewSlowClients(50), http, sandboxes]
  const trial = await tryAbuses(turns, {
    seed: 1,
    warmUpSeconds: 0.5,
    quietSeconds: 0,
    seconds: 0.5,
    requestsPerSecond: 10,
    settings: {
      // Short scripts: how long an abuse takes is the soak's business.
      PICLOUD_LIMIT_OPERATIONS: '300000',
      PICLOUD_LIMIT_DEADLINE_MS: '3000',
    },
  })
  expect(trial.findings).toEqual([])
  expect(trial.asked).toBeGreaterThan(10)
  // The abuses came about.
  expect([...trial.answers.keys()]).toContain('500 PIC_SCRIPT_LIMIT')
  expect([...trial.facts.keys()]).toContain('answered 400')
}, 120_000)

it('makes the same malformed messages of the same seed', () => {
  const messages = (seed: number) => {
    const random = new SeededRandom(seed)
    return Array.from({ length: 50 }, () => malformedMessage(random, '/script').bytes)
  }
  expect(messages(1)).toEqual(messages(1))
  expect(messages(1)).not.toEqual(messages(2))
})

it.each([
  ['', []],
  ['HTTP/1.1 204 No Content\r\nA: b\r\n\r\n', [204]],
  ['HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok', [200]],
  [
    'HTTP/1.1 200 OK\r\ncontent-length: 1\r\n\r\naHTTP/1.1 400 Bad\r\ncontent-length: 0\r\n\r\n',
    [200, 400],
  ],
])('reads the answers in %j', (received, statuses) => {
  expect(readAnswers(received).map(({ status }) => status)).toEqual(statuses)
})

it.each(['garbage\r\n\r\n', 'HTTP/1.1 200 OK\r\n\r\nno length'])(
  'refuses %j as answers',
  (text) => {
    expect(() => readAnswers(text)).toThrow()
  },
)
