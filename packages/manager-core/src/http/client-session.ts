/**
 * Gives a browser its session cookie, and takes it back.
 *
 * HttpOnly: no script of a page reads it. SameSite=Strict: no other site makes the browser send
 * it. Secure wherever the request is known to have come by https.
 *
 * @module
 */
import { SESSION_COOKIE } from '@picloud/shared'
import type { FastifyReply } from 'fastify'

const ATTRIBUTES = 'Path=/; HttpOnly; SameSite=Strict'

export interface ClientSession {
  /** What the client calls itself; as it sent it. */
  readonly userAgent: string
  keep(token: string, expiresAt: Date): void
  drop(): void
}

export function clientSessionOf(
  reply: FastifyReply,
  options: { readonly isSecure: boolean },
): ClientSession {
  const secure = options.isSecure ? '; Secure' : ''
  const set = (value: string, maxAgeSeconds: number): void => {
    const cookie = `${SESSION_COOKIE}=${value}; Max-Age=${maxAgeSeconds}; ${ATTRIBUTES}${secure}`
    reply.header('set-cookie', cookie)
  }
  return {
    userAgent: reply.request.headers['user-agent'] ?? '',
    keep: (token, expiresAt) => {
      set(token, Math.floor((expiresAt.getTime() - Date.now()) / 1000))
    },
    drop: () => set('', 0),
  }
}
