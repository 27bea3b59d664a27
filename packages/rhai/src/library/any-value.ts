/**
 * Functions that take any value: text, output, types, tags, and taking a value out of its variable.
 *
 * @module
 */
import { chargeText } from '../runtime/metering.ts'
import {
  ANY,
  INT,
  mutates,
  type NativeFunction,
  place,
  property,
  reads,
} from '../runtime/native-function.ts'
import { setTag, tagOf } from '../runtime/tag.ts'
import { debugText, displayText } from '../runtime/text.ts'
import { typeNameOf } from '../runtime/value.ts'

export const anyValueFunctions: readonly NativeFunction[] = [
  reads('type_of', [ANY], (_context, value) => typeNameOf(value)),
  reads('to_string', [ANY], (context, value) => displayText(context, value)),
  reads('to_debug', [ANY], (context, value) => debugText(context, value)),
  reads('print', [ANY], (context, value) => {
    const text = displayText(context, value)
    chargeText(context, text.length)
    context.print(text)
    return undefined
  }),
  reads('print', [], (context) => {
    context.print('')
    return undefined
  }),
  reads('debug', [ANY], (context, value) => {
    context.debug(debugText(context, value))
    return undefined
  }),
  reads('debug', [], (context) => {
    context.debug('')
    return undefined
  }),
  mutates('take', [place(ANY)], (_context, cell) => {
    const { value } = cell
    cell.value = undefined
    return value
  }),
  property('tag', [ANY], (_context, value) => tagOf(value)),
  mutates('set_tag', [place(ANY), INT], (_context, cell, tag) => {
    cell.value = setTag(cell.value, tag)
    return undefined
  }),
]
