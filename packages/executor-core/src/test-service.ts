/**
 * A host service that does nothing of use: it proves the bridge, in tests and in measurements.
 *
 *     test::sleep(ms)        () after so many milliseconds
 *     test::echo(value)      the value
 *     test::double(text)     the text twice
 *     test::fail(message)    an error the script can catch, with the code `TEST_FAILED`
 *     test::crash()          an error no service should have
 *     test::egress()         where the calling app may reach, as JSON; () for nothing of its own
 *     test::pending()        how many calls are under way, this one not counted
 *
 * No program offers it; whoever starts an executor may.
 *
 * @module
 */
import { setTimeout as sleep } from 'node:timers/promises'
import {
  type HostService,
  type HostServiceCall,
  HostServiceError,
  type HostValue,
} from '@picloud/shared'

export interface TestService extends HostService {
  /** Calls under way. */
  readonly pending: number
  /** Calls whose signal was aborted. */
  readonly aborted: number
}

type Handler = (
  args: readonly HostValue[],
  signal: AbortSignal,
  app: HostServiceCall['app'],
) => Promise<HostValue>

export function createTestService(): TestService {
  let pending = 0
  let aborted = 0
  const handlers: Readonly<Record<string, Handler>> = {
    sleep: async ([ms], signal) => {
      await sleep(Number(ms), undefined, { signal })
      return null
    },
    echo: async ([value = null]) => value,
    double: async ([text]) => String(text).repeat(2),
    fail: async ([message]) => {
      throw new HostServiceError('TEST_FAILED', String(message))
    },
    crash: async () => {
      throw new Error('as if there were a bug')
    },
    pending: async () => pending - 1,
    egress: async (_args, _signal, { egress }) => egress && JSON.stringify(egress),
  }
  return {
    name: 'test',
    functions: [
      { name: 'sleep', parameters: ['int'] },
      { name: 'echo', parameters: ['any'] },
      { name: 'double', parameters: ['string'] },
      { name: 'fail', parameters: ['string'] },
      { name: 'crash', parameters: [] },
      { name: 'pending', parameters: [] },
      { name: 'egress', parameters: [] },
    ],
    get pending() {
      return pending
    },
    get aborted() {
      return aborted
    },
    async call({ function: name, args, app }: HostServiceCall, signal: AbortSignal) {
      pending += 1
      signal.addEventListener('abort', () => {
        aborted += 1
      })
      try {
        return (await handlers[name]?.(args, signal, app)) ?? null
      } finally {
        pending -= 1
      }
    },
  }
}
