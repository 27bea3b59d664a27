/**
 * The app whose pages are shown: loaded once by their layout, for all of them.
 *
 * @module
 */
import type { Answer } from '@picloud/api-client'
import { createContext } from 'svelte'

export type App = Answer<'getApp'>

export interface AppContext {
  readonly app: App
  /** After a change that answered the app as it is now. */
  set(app: App): void
  reload(): Promise<void>
}

export const [useApp, provideApp] = createContext<AppContext>()
