/**
 * A manager for the commands to talk to: over a real database, on a real socket, in this process.
 *
 * @module
 */
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createManager, type ManagerOptions } from '@picloud/manager-core'
import { DEFAULT_LIMITS, SILENT_LOGGER } from '@picloud/shared'
import { SecretKeys } from '@picloud/storage'
import { createTestDatabase } from '@picloud/storage/testing'

/** The operator's own. */
export const TOKEN = 'pic_for_the_tests_of_the_cli'

const SECRETS_KEY = Buffer.alloc(32, 7).toString('base64')

export interface ManagerForCommands {
  readonly url: string
  readonly port: number
  close(): Promise<void>
}

/** No name of a test is asked of anybody's name servers. */
const LEADS_ELSEWHERE: NonNullable<ManagerOptions['domainProbes']> = {
  lookUp: async (name) => ({
    kind: 'answered',
    records: [{ type: 'A', name, value: '8.8.8.8' }],
  }),
  probe: async (address) => ({
    kind: 'certificate',
    certificate: {
      address,
      subject: 'shop.test',
      // A stranger's certificate says what the stranger likes.
      issuer: 'Certs\u001b[31m',
      names: ['shop.test'],
      valid_from: '2026-01-01T00:00:00.000Z',
      valid_to: '2126-01-01T00:00:00.000Z',
      days_left: 36_000,
      trusted: true,
      trust_problem: null,
      matches: false,
    },
  }),
}

export async function startManagerForCommands(): Promise<ManagerForCommands> {
  const { database, drop } = await createTestDatabase()
  const manager = await createManager({
    database,
    limits: DEFAULT_LIMITS,
    version: '0.0.0',
    logger: SILENT_LOGGER,
    presetTokens: [TOKEN],
    secretKeys: new SecretKeys({ given: [SECRETS_KEY], file: null }),
    publicAddresses: ['192.0.2.7'],
    domainProbes: LEADS_ELSEWHERE,
  })
  const server = createServer(manager.listener).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    close: async () => {
      await manager.close()
      server.closeAllConnections()
      server.close()
      await drop()
    },
  }
}
