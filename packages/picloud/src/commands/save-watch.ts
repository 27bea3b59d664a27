/**
 * Calls somebody after files of a folder were saved: once for what is saved together, and never
 * again before the call before has ended.
 *
 * @module
 */
import { type FSWatcher, watch } from 'node:fs'
import { UsageError } from '../errors.ts'

export interface SaveWatchOptions {
  readonly folder: string
  isOfInterest(name: string): boolean
  /** Never rejects. Resolves with true to be called again after a while without a save. */
  onSaved(): Promise<boolean>
}

/** Editors and version control write several files, and one in several steps. */
const QUIET_MS = 80
const AGAIN_MS = 1_000

export class SaveWatch {
  readonly #options: SaveWatchOptions
  readonly #watcher: FSWatcher
  #timer: NodeJS.Timeout | undefined
  #running: Promise<void> | null = null
  #isDue = false
  #isStopped = false

  /** @throws UsageError for what cannot be watched */
  constructor(options: SaveWatchOptions) {
    this.#options = options
    try {
      this.#watcher = watch(options.folder)
    } catch (error) {
      const code = String((error as Partial<NodeJS.ErrnoException>).code)
      throw new UsageError(`${options.folder} cannot be watched (${code}).`)
    }
    this.#watcher.on('change', (_kind, name) => {
      // Some systems do not say which file it was.
      if (name === null || options.isOfInterest(String(name))) this.#after(QUIET_MS)
    })
    // A folder that is gone has nothing more to tell; what is deployed says so.
    this.#watcher.on('error', () => this.#after(AGAIN_MS))
  }

  /** As if something had been saved. */
  trigger(): void {
    this.#after(0)
  }

  /** Resolves when nothing runs and nothing will. */
  async stop(): Promise<void> {
    this.#isStopped = true
    clearTimeout(this.#timer)
    this.#watcher.close()
    await this.#running
  }

  #after(ms: number): void {
    if (this.#isStopped) return
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => this.#start(), ms)
  }

  #start(): void {
    if (this.#running !== null) {
      this.#isDue = true
      return
    }
    this.#isDue = false
    this.#running = this.#options.onSaved().then((again) => {
      this.#running = null
      if (this.#isDue) this.#after(0)
      else if (again) this.#after(AGAIN_MS)
    })
  }
}
