/**
 * Some of an app's settings while they are edited: saved by themselves, for the state of the app
 * that was read. What somebody else changed meanwhile is neither shown as if it had been read nor
 * overwritten unasked.
 *
 * @module
 */
import type { CallOptions } from '@picloud/api-client'
import { untrack } from 'svelte'
import { api } from '#lib/api.ts'
import { ApiError } from '#lib/api-error.ts'
import type { App, AppContext } from '#lib/app-context.ts'
import { toasts } from '#lib/toasts.svelte.ts'
import { STALE } from './present-app.ts'

export type AppChange = NonNullable<CallOptions<'updateApp'>['body']>

export interface SectionDraft<Draft> {
  draft: Draft
  readonly isDirty: boolean
  /** Whether what is edited was changed elsewhere since it was read. */
  readonly isStale: boolean
  readonly isSaving: boolean
  /** Why the last try to save failed. */
  readonly error: unknown
  save(): Promise<void>
  /** Saves, whatever was changed elsewhere. */
  saveOver(): Promise<void>
  /** Back to what is stored now. */
  reload(): Promise<void>
  /** Back to what was read. */
  discard(): void
  /** What the server said of the member at the pointer, or of any below it. */
  problemAt(pointer: string, entries?: readonly string[]): string | undefined
}

export function sectionDraft<Draft extends object>({
  context,
  read,
  change,
  onsaved,
}: {
  readonly context: AppContext
  /** The settings in question, as they are edited. */
  readonly read: (app: App) => Draft
  readonly change: (draft: Draft, before: Draft) => AppChange
  readonly onsaved?: () => unknown
}): SectionDraft<Draft> {
  const first = read(context.app)
  let draft = $state(first)
  /** What was read, as text: what is edited is compared with it. */
  let base = $state(JSON.stringify(first))
  let revision = context.app.revision
  let isStale = $state(false)
  let isSaving = $state(false)
  let error = $state.raw<unknown>()
  const isDirty = $derived(JSON.stringify(draft) !== base)

  $effect(() => {
    const { app } = context
    untrack(() => notice(app))
  })

  /** The app as it is now, by a load or by the saving of another section. */
  function notice(app: App): void {
    const stored = JSON.stringify(read(app))
    if (stored === base) {
      revision = app.revision
    } else if (isDirty) {
      isStale = true
    } else {
      take(app)
    }
  }

  function take(app: App, edited: Draft = read(app)): void {
    draft = edited
    base = JSON.stringify(read(app))
    revision = app.revision
    isStale = false
    error = undefined
  }

  async function saveFor(ifRevision: number | undefined): Promise<void> {
    isSaving = true
    error = undefined
    try {
      const sent = $state.snapshot(draft) as Draft
      const body = change(sent, JSON.parse(base))
      const app = await api.call('updateApp', { path: { app: context.app.id }, body, ifRevision })
      // What was typed while it was saved stays, and waits to be saved itself.
      const isEditedSince = JSON.stringify(draft) !== JSON.stringify(sent)
      take(app, isEditedSince ? draft : read(app))
      context.set(app)
      toasts.say('Saved')
      await onsaved?.()
    } catch (reason) {
      if (reason instanceof ApiError && reason.status === STALE) await saveIfUntouched()
      else error = reason
    } finally {
      isSaving = false
    }
  }

  /** The app was changed elsewhere: if not in what is edited here, that is no reason to stop. */
  async function saveIfUntouched(): Promise<void> {
    try {
      const app = await api.call('getApp', { path: { app: context.app.id } })
      context.set(app)
      if (JSON.stringify(read(app)) === base) await saveFor(app.revision)
      else isStale = true
    } catch (reason) {
      error = reason
    }
  }

  return {
    get draft() {
      return draft
    },
    set draft(value) {
      draft = value
    },
    get isDirty() {
      return isDirty
    },
    get isStale() {
      return isStale
    },
    get isSaving() {
      return isSaving
    },
    get error() {
      return error
    },
    save: () => saveFor(revision),
    saveOver: () => saveFor(undefined),
    reload: async () => {
      await context.reload()
      take(context.app)
    },
    discard: () => {
      draft = JSON.parse(base)
      error = undefined
    },
    problemAt: (pointer, entries) => {
      if (!(error instanceof ApiError)) return undefined
      const messages = error.fields.flatMap((field) => {
        if (field.pointer === pointer) return [field.message]
        if (!field.pointer.startsWith(`${pointer}/`)) return []
        const entry = entries?.[Number(field.pointer.slice(pointer.length + 1))]
        return [
          entry === undefined || field.message.includes(entry)
            ? field.message
            : `${entry}: ${field.message}`,
        ]
      })
      return messages.length === 0 ? undefined : messages.join(' ')
    },
  }
}
