/**
 * The OpenAPI document as a manager serves it.
 *
 * Asked for over HTTP like anybody would, so it needs no door of its own into the manager. The
 * database is never connected to: the document does not depend on what is stored.
 *
 * @module
 */
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createManager } from '@picloud/manager-core'
import { DEFAULT_LIMITS, SILENT_LOGGER } from '@picloud/shared'
import { openDatabase } from '@picloud/storage'
import type { OpenAPI3 } from 'openapi-typescript'

export async function readApiDocument(): Promise<OpenAPI3> {
  const database = openDatabase({ connectionString: 'postgres://never-connected.invalid/' })
  const manager = await createManager({
    database,
    limits: DEFAULT_LIMITS,
    version: '0.0.0',
    logger: SILENT_LOGGER,
  })
  const server = createServer(manager.listener).listen(0, '127.0.0.1')
  await once(server, 'listening')
  try {
    const { port } = server.address() as AddressInfo
    const response = await fetch(`http://127.0.0.1:${port}/api/v1/openapi.json`)
    if (!response.ok) throw new Error(`The manager answered ${response.status}.`)
    return (await response.json()) as OpenAPI3
  } finally {
    await manager.close()
    server.closeAllConnections()
    server.close()
    await database.close()
  }
}
