/**
 * One request to an app, by its host, and whatever came of it: a client that is never surprised.
 *
 * Imports nothing of the workspace: the probe's thread uses it too.
 *
 * @module
 */
import { type Agent, request as send } from 'node:http'

export interface AppRequest {
  /** Of the program. */
  readonly url: string
  readonly host: string
  readonly path: string
  /** Sent with POST; a GET without it. */
  readonly body?: string
  readonly agent: Agent
}

export interface AppAnswer {
  /** 0: there was no whole answer. */
  readonly status: number
  /** Which no answer is without. */
  readonly requestId: string
  /** The beginning of the content. */
  readonly text: string
  readonly bytes: number
  /** The code of a problem document, or why there was no answer; empty for a success. */
  readonly code: string
  readonly ms: number
}

/** Longer than anything may take: the program bounds what it waits for. */
const PATIENCE_MS = 60_000
const TEXT_MAX = 4096

export function askApp({ url, host, path, body, agent }: AppRequest): Promise<AppAnswer> {
  return new Promise((resolve) => {
    const startedAt = performance.now()
    const fail = (error: Error & { code?: string }): void => {
      const code = error.code ?? error.message
      resolve({ status: 0, requestId: '', text: '', bytes: 0, code, ms: since(startedAt) })
    }
    const headers = { host, ...(body !== undefined && { 'content-type': 'text/plain' }) }
    const method = body === undefined ? 'GET' : 'POST'
    const asked = send(new URL(path, url), { method, headers, agent }, (response) => {
      let text = ''
      let bytes = 0
      response.on('data', (chunk: Buffer) => {
        bytes += chunk.length
        if (text.length < TEXT_MAX) text += chunk.toString('utf8')
      })
      response.on('error', fail)
      response.on('end', () => {
        const status = response.complete ? (response.statusCode ?? 0) : 0
        const requestId = String(response.headers['x-request-id'] ?? '')
        const code = status >= 200 && status < 300 ? '' : codeIn(text)
        resolve({ status, requestId, text, bytes, code, ms: since(startedAt) })
      })
    })
    asked.setTimeout(PATIENCE_MS, () => asked.destroy(new Error('no answer in time')))
    asked.on('error', fail)
    asked.end(body)
  })
}

function codeIn(text: string): string {
  return /"code":"(\w+)"/.exec(text)?.[1] ?? 'no code'
}

function since(startedAt: number): number {
  return performance.now() - startedAt
}
