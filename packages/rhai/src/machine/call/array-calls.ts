/**
 * Calls of the methods that scripts use most on arrays.
 *
 * They are emitted where such a name can only mean the library's function, unless a map has a closure
 * under it. An array gets the function without a search for it; every other receiver takes the general
 * way. None of the functions calls back, so nothing is kept for that.
 *
 * @module
 */

import { pop, push, remove, shift } from '../../library/arrays.ts'
import { type Cell, type Int, RhaiArray, type Value } from '../../runtime/value.ts'
import { located } from '../error/failure.ts'
import { type Place, Slot, VariableCell } from '../place.ts'
import { callMethod0, callMethod1, callMethodAt, callMethodOnCell } from './at-once.ts'
import type { CallSite } from './call-site.ts'

/** `x.push(item)`, where `x` is a value or a place. */
export function callPush(site: CallSite, depth: number, receiver: Place, item: Value): Value {
  if (!(receiver instanceof RhaiArray)) return general1(site, depth, receiver, item)
  const { run, at } = site
  run.at = at
  try {
    return push(run, receiver, item)
  } catch (error) {
    throw located(error, at)
  }
}

/** `x.pop()`. */
export function callPop(site: CallSite, depth: number, receiver: Place): Value {
  if (!(receiver instanceof RhaiArray)) return general0(site, depth, receiver)
  const { run, at } = site
  run.at = at
  try {
    return pop(run, receiver)
  } catch (error) {
    throw located(error, at)
  }
}

/** `x.shift()`. */
export function callShift(site: CallSite, depth: number, receiver: Place): Value {
  if (!(receiver instanceof RhaiArray)) return general0(site, depth, receiver)
  const { run, at } = site
  run.at = at
  try {
    return shift(run, receiver)
  } catch (error) {
    throw located(error, at)
  }
}

/** `x.remove(index)`. */
export function callRemove(site: CallSite, depth: number, receiver: Place, index: Value): Value {
  if (!(receiver instanceof RhaiArray) || !isInteger(index)) {
    return general1(site, depth, receiver, index)
  }
  const { run, at } = site
  run.at = at
  try {
    return remove(run, receiver, index)
  } catch (error) {
    throw located(error, at)
  }
}

/** `x.len()`. */
export function callLen(site: CallSite, depth: number, receiver: Place): Value {
  return receiver instanceof RhaiArray ? receiver.items.length : general0(site, depth, receiver)
}

/** `x.is_empty()`. */
export function callIsEmpty(site: CallSite, depth: number, receiver: Place): Value {
  return receiver instanceof RhaiArray
    ? receiver.items.length === 0
    : general0(site, depth, receiver)
}

/** `x.push(item)`, where `x` is a variable in a cell. */
export function callPushOnCell(site: CallSite, depth: number, cell: Cell, item: Value): Value {
  return isChangeable(cell)
    ? callPush(site, depth, cell.value, item)
    : callMethodOnCell(site, depth, cell, [item])
}

/** `x.pop()`, likewise. */
export function callPopOnCell(site: CallSite, depth: number, cell: Cell): Value {
  return isChangeable(cell)
    ? callPop(site, depth, cell.value)
    : callMethodOnCell(site, depth, cell, [])
}

/** `x.shift()`, likewise. */
export function callShiftOnCell(site: CallSite, depth: number, cell: Cell): Value {
  return isChangeable(cell)
    ? callShift(site, depth, cell.value)
    : callMethodOnCell(site, depth, cell, [])
}

/** `x.remove(index)`, likewise. */
export function callRemoveOnCell(site: CallSite, depth: number, cell: Cell, index: Value): Value {
  return isChangeable(cell)
    ? callRemove(site, depth, cell.value, index)
    : callMethodOnCell(site, depth, cell, [index])
}

/** `x.len()`, likewise. */
export function callLenOnCell(site: CallSite, depth: number, cell: Cell): Value {
  const { value } = cell
  return value instanceof RhaiArray ? value.items.length : callMethodOnCell(site, depth, cell, [])
}

/** `x.is_empty()`, likewise. */
export function callIsEmptyOnCell(site: CallSite, depth: number, cell: Cell): Value {
  const { value } = cell
  return value instanceof RhaiArray
    ? value.items.length === 0
    : callMethodOnCell(site, depth, cell, [])
}

function general0(site: CallSite, depth: number, receiver: Place): Value {
  return receiver instanceof Slot
    ? callMethodAt(site, depth, receiver, [])
    : callMethod0(site, depth, receiver)
}

function general1(site: CallSite, depth: number, receiver: Place, arg: Value): Value {
  return receiver instanceof Slot
    ? callMethodAt(site, depth, receiver, [arg])
    : callMethod1(site, depth, receiver, arg)
}

/** Whether a variable holds an array and is no constant. */
function isChangeable(cell: Cell): boolean {
  return cell.value instanceof RhaiArray && !(cell instanceof VariableCell && cell.isConstant)
}

function isInteger(value: Value): value is Int {
  return typeof value === 'number' || typeof value === 'bigint'
}
