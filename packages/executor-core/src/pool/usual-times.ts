/**
 * How long each version of a script usually computes, learned from its answers.
 *
 * The supervisor sends work to where it will wait least, so it must know what a sandbox has to do
 * before it has done it. Of a version it knows nothing of it expects as much as one sandbox is given
 * at a time, so that nothing is put behind it: it may as well compute until it is stopped.
 *
 * @module
 */

const UNKNOWN_MS = 4
/** What a first duration changes: it says little, as the script was compiled in it. */
const FIRST_MS = 1
/** How much one duration changes the usual one. */
const DURATION_WEIGHT = 0.2
/** Past this, all are forgotten: learning a version again costs less than keeping count of use. */
const VERSIONS_MAX = 4096

export class UsualTimes {
  readonly #ms = new Map<string, number>()

  /** Milliseconds. */
  of(versionId: string): number {
    return this.#ms.get(versionId) ?? UNKNOWN_MS
  }

  learn(versionId: string, durationMs: number): void {
    if (this.#ms.size >= VERSIONS_MAX && !this.#ms.has(versionId)) this.#ms.clear()
    const before = this.#ms.get(versionId) ?? FIRST_MS
    this.#ms.set(versionId, before + (durationMs - before) * DURATION_WEIGHT)
  }
}
