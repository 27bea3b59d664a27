/**
 * Somebody who goes on working on the control plane: makes scripts, and remembers which were
 * acknowledged.
 *
 * @module
 */
import type { PicloudServer } from '../../bench/picloud-server.ts'
import { pause } from './abuse.ts'

const EVERY_MS = 200

export class Writer {
  /** Names of the scripts whose making was acknowledged. */
  readonly acknowledged: string[] = []
  /** How often each other answer came, by status. */
  readonly refused = new Map<number, number>()
  readonly #server: PicloudServer
  #asked = 0

  constructor(server: PicloudServer) {
    this.#server = server
  }

  async workUntil(signal: AbortSignal): Promise<void> {
    const app = await this.#server.ask('GET', '/apps/default')
    while (!signal.aborted) {
      await this.#write(app.id)
      await pause(EVERY_MS, signal)
    }
  }

  /** Those acknowledged that are not there. */
  async missing(): Promise<readonly string[]> {
    const there = new Set<string>()
    let cursor = ''
    do {
      const query = new URLSearchParams({ app: 'default', limit: '200', ...(cursor && { cursor }) })
      const { items, next_cursor: next } = await this.#server.ask('GET', `/scripts?${query}`)
      for (const { name } of items) there.add(name)
      cursor = next ?? ''
    } while (cursor !== '')
    return this.acknowledged.filter((name) => !there.has(name))
  }

  async #write(appId: string): Promise<void> {
    this.#asked += 1
    const name = `written-${this.#asked}`
    const json = { app_id: appId, name, source: '1' }
    // Status 0: there was no answer.
    const status = await this.#server.request('POST', '/api/v1/admin/scripts', json).then(
      (answer) => answer.status,
      () => 0,
    )
    if (status === 201) this.acknowledged.push(name)
    else this.refused.set(status, (this.refused.get(status) ?? 0) + 1)
  }
}
