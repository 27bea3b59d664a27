/**
 * What a script gave, as an error quotes it: its beginning, where it is long.
 *
 * A secret in it is masked before anything is cut away; of one that was cut no mask knows the rest.
 *
 * @module
 */
import type { CallContext } from '@picloud/rhai'
import { ScriptRun } from './script-run.ts'

/** Of a text this much is looked at: more than the length of a key, and nothing to wait for. */
const LOOKED_AT_UNITS = 16_384

export function quoted(context: CallContext, text: string, unitsMax: number): string {
  const shown = ScriptRun.of(context).mask.text(text.slice(0, LOOKED_AT_UNITS))
  return shown.length > unitsMax ? `${shown.slice(0, unitsMax).toWellFormed()}..` : shown
}
