/**
 * Functions that take any value: text, output, types, and taking a value out of its variable.
 *
 * @module
 */
import { typeNameOfKind } from '../runtime/kind.ts'
import { chargeText } from '../runtime/metering.ts'
import {
  ANY,
  mutates,
  type NativeFunction,
  place,
  property,
  reads,
} from '../runtime/native-function.ts'
import { debugText, displayText } from '../runtime/text.ts'
import { kindOf } from '../runtime/value.ts'

export const anyValueFunctions: readonly NativeFunction[] = [
  reads('type_of', [ANY], (_context, value) => typeNameOfKind(kindOf(value))),
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
  property('tag', [ANY], () => 0),
]
