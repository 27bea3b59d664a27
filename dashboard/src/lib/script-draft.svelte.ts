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
  /** As it was last loaded or saved here. */
  script = $state.raw() as Script
  source = $state('')
  /** What somebody else saved since; null when nobody did. */
  foreign = $state.raw<Script | null>(null)
  isSaving = $state(false)
  /** Why the last save failed. */
  refusal = $state.raw<unknown>()
  /** The text was found in this browser, from another visit. */
  wasKept = $state(false)
  readonly isDirty = $derived(this.source !== this.script.source)

  constructor(script: Script) {
    const kept = keptText(script.id)
    const isOther = kept !== null && kept.source !== script.source
    this.script = isOther ? { ...script, revision: kept.revision } : script
    this.source = isOther ? kept.source : script.source
    this.wasKept = isOther
  }

  write(source: string): void {
    this.source = source
    this.wasKept = false
    keep(this.script, source)
  }

  /** Saves as a new version; a conflict is kept in `foreign`, and nothing is overwritten. */
  async save({ activate }: { readonly activate: boolean }): Promise<Answer<'saveScript'> | null> {
    if (this.isSaving) return null
    this.isSaving = true
    this.refusal = undefined
    const { source } = this
    const { id, revision } = this.script
    try {
      const body = { source, activate }
      const saved = await api.call('saveScript', {
        path: { script_id: id },
        body,
        ifRevision: revision,
      })
      // What is edited is the text that was saved, active or not.
      this.script = { ...saved, source }
      this.foreign = null
      this.wasKept = false
      keep(this.script, this.source)
      return saved
    } catch (error) {
      if (error instanceof ApiError && error.status === 412) await this.#meet()
      else this.refusal = error
      return null
    } finally {
      this.isSaving = false
    }
  }

  /** Goes on from what the server has now, with this text as the unsaved change of it. */
  rebase(): void {
    if (this.foreign === null) return
    this.script = this.foreign
    this.foreign = null
    keep(this.script, this.source)
  }

  /** Leaves what is not saved. */
  discard(): void {
    if (this.foreign !== null) this.script = this.foreign
    this.foreign = null
    this.wasKept = false
    this.refusal = undefined
    this.source = this.script.source
    keep(this.script, this.source)
  }

  /** Another version was made active, here. */
  replace(script: Script): void {
    const wasDirty = this.isDirty
    this.script = script
    if (!wasDirty) this.source = script.source
    keep(script, this.source)
  }

  async #meet(): Promise<void> {
    try {
      const present = await api.call('getScript', { path: { script_id: this.script.id } })
      // Another name or the like is no change of the text: it is not in the way.
      this.foreign = present
    } catch (error) {
      this.refusal = error
    }
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

function keep(script: Script, source: string): void {
  try {
    if (source === script.source) localStorage.removeItem(keyOf(script.id))
    else
      localStorage.setItem(
        keyOf(script.id),
        JSON.stringify({ revision: script.revision, source } satisfies KeptText),
      )
  } catch {
    // The browser has no room for it: the page itself still holds the text.
  }
}
