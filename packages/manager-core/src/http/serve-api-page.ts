/**
 * `GET /api/v1/docs`: the OpenAPI document as a page, open as the document is.
 *
 * The page is made when it is first asked for and then kept. Its policy allows nothing but its own
 * style, by hash: whatever an answer might smuggle into it could not run or load anything.
 *
 * @module
 */
import { createHash } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import { type ApiDocument, apiPage } from './api-page.ts'
import { API_PAGE_STYLE } from './api-page-style.ts'

const PATH = '/api/v1/docs'

export function serveApiPage(server: FastifyInstance, document: () => ApiDocument): void {
  let page: Buffer | undefined
  server.get(PATH, (_request, reply) => {
    page ??= Buffer.from(apiPage(document()))
    return reply
      .header('content-type', 'text/html; charset=utf-8')
      .header('content-security-policy', policy())
      .header('cache-control', 'no-cache')
      .header('referrer-policy', 'same-origin')
      .header('x-frame-options', 'DENY')
      .send(page)
  })
}

function policy(): string {
  const hash = createHash('sha256').update(API_PAGE_STYLE, 'utf8').digest('base64')
  return [
    "default-src 'none'",
    `style-src 'sha256-${hash}'`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ')
}
