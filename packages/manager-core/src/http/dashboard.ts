/**
 * Serves the dashboard, a folder of static files, at `/admin`.
 *
 * The files are listed once at start, so a request can name nothing else: no path is ever joined
 * from what a client sent. Addresses inside the dashboard that are no file answer its start page
 * (it routes in the browser); missing assets answer 404. Knows nothing of what the dashboard does.
 *
 * @module
 */
import { readdir, readFile } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'
import fastifyStatic from '@fastify/static'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { EndpointUnknownError } from '../errors/requests.ts'
import { contentSecurityPolicy } from './content-security-policy.ts'

const PREFIX = '/admin'
const START_PAGE = 'index.html'
/** The build names these by their content, so they never change. */
const IMMUTABLE_FOLDER = '_app/immutable/'
const FILES_MAX = 5_000

export async function serveDashboard(server: FastifyInstance, folder: string): Promise<void> {
  const files = await listFiles(folder)
  const pages = [...files].filter((file) => file.endsWith('.html'))
  const texts = await Promise.all(pages.map((page) => readFile(join(folder, page), 'utf8')))
  const policy = contentSecurityPolicy(texts)

  await server.register(fastifyStatic, { root: folder, serve: false })
  const serve = (request: FastifyRequest, reply: FastifyReply): FastifyReply => {
    const asked = askedFile(request)
    const file = files.has(asked) ? asked : START_PAGE
    if (file !== asked && !isPage(asked, files)) {
      throw new EndpointUnknownError(request.method, `${PREFIX}/${asked}`)
    }
    setSecurityHeaders(reply, policy)
    return file.startsWith(IMMUTABLE_FOLDER)
      ? reply.sendFile(file, { maxAge: '365d', immutable: true })
      : reply.sendFile(file, { maxAge: 0 })
  }
  server.get(PREFIX, serve)
  server.get(`${PREFIX}/*`, serve)
}

/** Name of the file an address stands for, in the form the listing uses. */
function askedFile(request: FastifyRequest): string {
  const params = request.params as { readonly '*'?: string }
  const path = params['*'] ?? ''
  return path === '' ? START_PAGE : path
}

/** Whether an address that is no file belongs to the dashboard's own routing. */
function isPage(path: string, files: ReadonlySet<string>): boolean {
  if (!files.has(START_PAGE)) return false
  const name = path.slice(path.lastIndexOf('/') + 1)
  return !path.startsWith('_app/') && !name.includes('.')
}

function setSecurityHeaders(reply: FastifyReply, policy: string): void {
  reply.header('content-security-policy', policy)
  reply.header('x-frame-options', 'DENY')
  reply.header('referrer-policy', 'same-origin')
  reply.header('cross-origin-opener-policy', 'same-origin')
  reply.header('cross-origin-resource-policy', 'same-origin')
  reply.header('permissions-policy', 'camera=(), geolocation=(), microphone=()')
}

async function listFiles(folder: string): Promise<ReadonlySet<string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const files = entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'))
  if (files.length > FILES_MAX) {
    throw new Error(`${folder} holds ${files.length} files; a dashboard has at most ${FILES_MAX}.`)
  }
  return new Set(files)
}
