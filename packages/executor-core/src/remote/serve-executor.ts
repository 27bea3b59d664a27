/**
 * Serves an executor on a Unix socket, for orchestrators of this node.
 *
 * Access is the socket file's: it is made readable and writable for its owner alone. A socket file
 * that an executor killed outright left behind is removed; one that answers is respected.
 *
 * @module
 */
import { access, chmod, lstat, unlink } from 'node:fs/promises'
import { createConnection, createServer, type Server, type Socket } from 'node:net'
import { dirname } from 'node:path'
import type { Executor, Logger } from '@picloud/shared'
import { SILENT_LOGGER } from '@picloud/shared'
import { SocketInUseError, SocketUnusableError } from '../errors.ts'
import { ServedConnection } from './served-connection.ts'

export interface ExecutorServerOptions {
  readonly socketPath: string
  readonly executor: Executor
  readonly logger?: Logger
}

export interface ExecutorServer {
  /** Takes no more connections and ends those there are. The executor is the caller's to stop. */
  stop(): Promise<void>
}

const CONNECTIONS_MAX = 64
const PROBE_MS_MAX = 1_000
/** How long the other end of a connection may take to close its side. */
const CLOSE_MS_MAX = 1_000
const OWNER_ONLY = 0o600

/** @throws SocketInUseError, SocketUnusableError */
export async function serveExecutor(options: ExecutorServerOptions): Promise<ExecutorServer> {
  const { socketPath, executor, logger = SILENT_LOGGER } = options
  await makeWay(socketPath)
  const connections = new Set<ServedConnection>()
  const server = createServer((socket) => {
    const connection = new ServedConnection(socket, executor, (error) => {
      connections.delete(connection)
      if (error !== null) logger.warn({ err: error }, 'a connection to the executor broke')
    })
    connections.add(connection)
  })
  server.maxConnections = CONNECTIONS_MAX
  await listen(server, socketPath)
  server.on('error', (error) => logger.error({ err: error }, 'the executor socket failed'))
  await chmod(socketPath, OWNER_ONLY)
  return {
    stop: () =>
      new Promise((resolve) => {
        const cut = setTimeout(() => {
          for (const connection of connections) connection.cut()
        }, CLOSE_MS_MAX)
        // Closing removes the socket file.
        server.close(() => {
          clearTimeout(cut)
          resolve()
        })
        for (const connection of connections) connection.end()
      }),
  }
}

function listen(server: Server, socketPath: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const reason = error.code ?? error.message
      reject(
        error.code === 'EADDRINUSE'
          ? new SocketInUseError(socketPath)
          : new SocketUnusableError(socketPath, reason, error),
      )
    })
    server.listen(socketPath, () => {
      server.removeAllListeners('error')
      resolve()
    })
  })
}

async function makeWay(socketPath: string): Promise<void> {
  // Listening would say EACCES of a missing folder.
  await access(dirname(socketPath)).catch((error: NodeJS.ErrnoException) => {
    throw new SocketUnusableError(socketPath, `its folder cannot be used (${error.code})`, error)
  })
  const found = await lstat(socketPath).catch(() => null)
  if (found === null) return
  if (!found.isSocket())
    throw new SocketUnusableError(socketPath, 'a file that is no socket is there')
  if (await answers(socketPath)) throw new SocketInUseError(socketPath)
  await unlink(socketPath)
}

function answers(socketPath: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket: Socket = createConnection(socketPath)
    const finish = (result: boolean) => {
      clearTimeout(timer)
      socket.destroy()
      resolve(result)
    }
    // Something that accepts no connection in this time is still something.
    const timer = setTimeout(() => finish(true), PROBE_MS_MAX)
    socket.once('connect', () => finish(true))
    socket.once('error', () => finish(false))
  })
}
