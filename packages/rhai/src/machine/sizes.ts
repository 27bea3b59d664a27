/**
 * Size limits of what scripts write as literals and interpolated strings.
 *
 * @module
 */

import { checkArraySize, checkMapSize, checkStringSize } from '../runtime/size-limits.ts'
import { RhaiArray, type RhaiMap, type Value } from '../runtime/value.ts'
import { located, type PackedPosition } from './error/failure.ts'
import type { RunState } from './run-state.ts'
import { type LiteralSite, mapFromLiteral } from './shape-cache.ts'

/** An array literal. */
export function arrayOf(run: RunState, items: Value[], at: PackedPosition): RhaiArray {
  try {
    checkArraySize(run, items.length)
  } catch (error) {
    throw located(error, at)
  }
  return new RhaiArray(items)
}

/** A map literal. */
export function mapOf(site: LiteralSite, slots: Value[]): RhaiMap {
  try {
    checkMapSize(site.run, site.keys.length)
  } catch (error) {
    throw located(error, site.at)
  }
  return mapFromLiteral(site, slots)
}

/** An interpolated string. */
export function checkedText(run: RunState, text: string, at: PackedPosition): string {
  try {
    checkStringSize(run, text.length)
  } catch (error) {
    throw located(error, at)
  }
  return text
}
