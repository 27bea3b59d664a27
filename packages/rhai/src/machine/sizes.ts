/**
 * Size limits of what scripts write as literals and interpolated strings.
 *
 * @module
 */

import { type DataMeter, isSmall } from '../runtime/data-meter.ts'
import { checkArraySize, checkMapSize, checkStringSize } from '../runtime/size-limits.ts'
import { RhaiArray, RhaiMap, type Value } from '../runtime/value.ts'
import { located, type PackedPosition } from './error/failure.ts'
import type { RunState } from './run-state.ts'
import { type LiteralSite, mapFromLiteral } from './shape-cache.ts'

/** An array literal. */
export function arrayOf(run: RunState, items: Value[], at: PackedPosition): RhaiArray {
  try {
    checkArraySize(run, items.length)
    const array = new RhaiArray(items)
    return run.dataMeter === undefined ? array : run.dataMeter.made(array)
  } catch (error) {
    throw located(error, at)
  }
}

/** A map literal. */
export function mapOf(site: LiteralSite, slots: Value[]): RhaiMap {
  try {
    checkMapSize(site.run, site.keys.length)
    const map = mapFromLiteral(site, slots)
    return site.run.dataMeter === undefined ? map : site.run.dataMeter.made(map)
  } catch (error) {
    throw located(error, site.at)
  }
}

/** What a chain that went on from a variable left in it. */
export function grown(run: RunState, value: Value, at: PackedPosition): void {
  if (run.dataMeter !== undefined) checkGrown(run.dataMeter, value, at)
}

/** `value`, which became part of `owner` somewhere in `root`, may be longer than what was there. */
export function grownBy(
  run: RunState,
  root: Value,
  owner: RhaiArray | RhaiMap,
  value: Value,
  replaced: Value,
  at: PackedPosition,
): void {
  if (isSmall(value) || run.dataMeter === undefined) return
  try {
    run.dataMeter.replace(owner, value, replaced)
  } catch (error) {
    throw located(error, at)
  }
  checkGrown(run.dataMeter, root, at)
}

function checkGrown(data: DataMeter, value: Value, at: PackedPosition): void {
  if (!(value instanceof RhaiArray || value instanceof RhaiMap)) return
  try {
    data.check(value)
  } catch (error) {
    throw located(error, at)
  }
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
