/**
 * A request whose script is known.
 *
 * @module
 */
import type { RouteId, Trigger } from '@picloud/shared'
import type { ScriptTarget } from '../routing/script-target.ts'
import type { RequestParts } from './script-request.ts'

export interface ScriptJob {
  readonly target: ScriptTarget
  readonly trigger: Trigger
  readonly routeId: RouteId | null
  /** By which it runs once, however often it is sent; null: whenever it is sent. */
  readonly key: string | null
  readonly parts: RequestParts
}
