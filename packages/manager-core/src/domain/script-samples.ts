/**
 * Rules of the requests that are kept to try a script with.
 *
 * Knows nothing of HTTP.
 *
 * @module
 */
import { type PutScriptSample, SAMPLES_PER_SCRIPT_MAX, sampleNameSchema } from '@picloud/shared'
import type { Database, Page, PageRequest, ScriptSampleRow } from '@picloud/storage'
import {
  SampleNameInvalidError,
  SampleNotFoundError,
  SamplesFullError,
} from '../errors/test-runs.ts'
import type { Author } from './author.ts'
import type { ControlWrites } from './control-writes.ts'
import { findScript } from './scripts.ts'
import { sampleSnapshot, sampleSubject } from './snapshots.ts'

export class ScriptSamples {
  readonly #database: Database
  readonly #writes: ControlWrites

  constructor(database: Database, writes: ControlWrites) {
    this.#database = database
    this.#writes = writes
  }

  async list(id: string, page: PageRequest): Promise<Page<ScriptSampleRow>> {
    const script = await findScript(this.#database, id)
    return this.#database.scriptSamples.list({ scriptId: script.id, ...page })
  }

  /** Makes it, or replaces the one of that name. */
  put(by: Author, id: string, name: string, sample: PutScriptSample): Promise<ScriptSampleRow> {
    const { error } = sampleNameSchema.safeParse(name)
    if (error !== undefined) throw new SampleNameInvalidError(error.issues[0]?.message ?? '')
    return this.#writes.run(by, async (tx) => {
      const script = await findScript(tx, id)
      const names = await tx.scriptSamples.names(script.id)
      const isNew = !names.includes(name)
      if (isNew && names.length >= SAMPLES_PER_SCRIPT_MAX) {
        throw new SamplesFullError(script.name, SAMPLES_PER_SCRIPT_MAX)
      }
      const { method, path, headers, body } = sample
      const row = await tx.scriptSamples.put({
        ...{ scriptId: script.id, name, method, path, headers, body },
      })
      tx.record({
        action: isNew ? 'sample.create' : 'sample.update',
        ...sampleSubject(script, name),
        before: null,
        after: sampleSnapshot(row),
      })
      return row
    })
  }

  delete(by: Author, id: string, name: string): Promise<void> {
    return this.#writes.run(by, async (tx) => {
      const script = await findScript(tx, id)
      const isName = sampleNameSchema.safeParse(name).success
      const row = isName ? await tx.scriptSamples.delete(script.id, name) : null
      if (row === null) throw new SampleNotFoundError(script.name, name)
      tx.record({
        action: 'sample.delete',
        ...sampleSubject(script, name),
        before: sampleSnapshot(row),
        after: null,
      })
    })
  }
}
