/**
 * The text of a script while it is written: what is saved, what is not yet, and what somebody else
 * saved meanwhile.
 *
 * Unsaved text is kept in this browser too, so that a closed page or an ended session loses none.
 *
 * @module
 */
import type { Answer } from '@picloud/api-client'
import { api } from './api.ts'
import { ApiError } from './api-error.ts'

export type Script = Answer<'getScript'>

interface KeptText {
  /** Of the script the text was begun from. */
  readonly revision: number
  readonly source: string
}

export class ScriptDraft {
  /** As the server has it, as far as is known here; its source is that of the active version. */
  script = $state.raw() as Script
  source = $state('')
  /** What somebody else made active since the text was begun; null when nobody did. */
  foreign = $state.raw<Script | null>(null)
  isSaving = $state(false)
  /** Why the last save failed. */
  refusal = $state.raw<unknown>()
  /** The text was found in this browser, from another visit. */
  wasKept = $state(false)
  /** The text that is stored, active or not. */
  #saved = $state('')
  /** The revision the text was begun from: a save is meant for that one. */
  #begunAt = 0
  readonly isDirty = $derived(this.source !== this.#saved)
  /** Whether what is shown is what answers. */
  readonly isLive = $derived(this.source === this.script.source)

  constructor(script: Script) {
    const kept = keptText(script.id)
    const isOther = kept !== null && kept.source !== script.source
    this.script = script
    this.#saved = script.source
    this.#begunAt = isOther ? kept.revision : script.revision
    this.source = isOther ? kept.source : script.source
    this.wasKept = isOther
  }

  write(source: string): void {
    this.source = source
    this.wasKept = false
    this.#keep()
  }

  /** Saves as a new version; a conflict is kept in `foreign`, and nothing is overwritten. */
  async save({ activate }: { readonly activate: boolean }): Promise<Answer<'saveScript'> | null> {
    if (this.isSaving) return null
    this.isSaving = true
    this.refusal = undefined
    try {
      return await this.#send(activate)
    } catch (error) {
      this.refusal = error
      return null
    } finally {
      this.isSaving = false
    }
  }

  /** Goes on from what the server has now, with this text as the unsaved change of it. */
  rebase(): void {
    if (this.foreign !== null) this.#learn(this.foreign)
    this.foreign = null
    this.#keep()
  }

  /** Leaves what is not saved. */
  discard(): void {
    if (this.foreign !== null) this.#learn(this.foreign)
    this.foreign = null
    this.wasKept = false
    this.refusal = undefined
    this.#begunAt = this.script.revision
    this.#saved = this.script.source
    this.source = this.script.source
    this.#keep()
  }

  /** It was changed here in another way: another version is active, or it has another name. */
  replace(script: Script): void {
    const followed = !this.isDirty && this.isLive
    this.#learn(script)
    if (followed) this.source = script.source
    this.#keep()
  }

  /** After somebody else's change was in the way of one of another kind. */
  async reload(): Promise<void> {
    this.replace(await api.call('getScript', { path: { script_id: this.script.id } }))
  }

  /** @param retried whether the revision was looked up once more already */
  async #send(activate: boolean, retried = false): Promise<Answer<'saveScript'> | null> {
    const { source } = this
    try {
      const saved = await api.call('saveScript', {
        path: { script_id: this.script.id },
        body: { source, activate },
        ifRevision: this.#begunAt,
      })
      this.script = saved
      this.#begunAt = saved.revision
      this.#saved = source
      this.foreign = null
      this.wasKept = false
      this.#keep()
      return saved
    } catch (error) {
      if (!(error instanceof ApiError && error.status === 412)) throw error
      const present = await api.call('getScript', { path: { script_id: this.script.id } })
      // Another name, or a version that is not active, is in nobody's way.
      if (!retried && present.version_id === this.script.version_id) {
        this.script = present
        this.#begunAt = present.revision
        return this.#send(activate, true)
      }
      this.foreign = present
      return null
    }
  }

  #learn(script: Script): void {
    if (!this.isDirty) this.#saved = script.source
    this.script = script
    this.#begunAt = script.revision
  }

  #keep(): void {
    keep(this.script.id, this.isDirty ? { revision: this.#begunAt, source: this.source } : null)
  }
}

const keyOf = (scriptId: string): string => `picloud-draft ${scriptId}`

function keptText(scriptId: string): KeptText | null {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(keyOf(scriptId)) ?? 'null')
    const isText =
      typeof kept === 'object' &&
      kept !== null &&
      'source' in kept &&
      typeof kept.source === 'string' &&
      'revision' in kept &&
      typeof kept.revision === 'number'
    return isText ? { source: kept.source as string, revision: kept.revision as number } : null
  } catch {
    return null
  }
}

/** @param text null: there is nothing that is not saved */
function keep(scriptId: string, text: KeptText | null): void {
  try {
    if (text === null) localStorage.removeItem(keyOf(scriptId))
    else localStorage.setItem(keyOf(scriptId), JSON.stringify(text))
  } catch {
    // The browser has no room for it: the page itself still holds the text.
  }
}
