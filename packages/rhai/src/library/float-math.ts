/**
 * Roots, logarithms and trigonometry, on floats only.
 *
 * The last digit of some functions is the platform's mathematics library, here V8's.
 *
 * @module
 */
import { FLOAT, type NativeFunction, reads } from '../runtime/native-function.ts'
import { RhaiFloat } from '../runtime/value.ts'
import { floatMethod } from './floats.ts'

const DEGREES_PER_HALF_TURN = 180

export const floatMathFunctions: readonly NativeFunction[] = [
  reads('PI', [], () => new RhaiFloat(Math.PI)),
  reads('E', [], () => new RhaiFloat(Math.E)),
  floatMethod('sqrt', Math.sqrt),
  floatMethod('exp', Math.exp),
  floatMethod('ln', Math.log),
  floatMethod('log', Math.log10),
  reads(
    'log',
    [FLOAT, FLOAT],
    (_context, x, base) => new RhaiFloat(Math.log(x.value) / Math.log(base.value)),
  ),
  floatMethod('sin', Math.sin),
  floatMethod('cos', Math.cos),
  floatMethod('tan', Math.tan),
  floatMethod('asin', Math.asin),
  floatMethod('acos', Math.acos),
  floatMethod('atan', Math.atan),
  reads('atan', [FLOAT, FLOAT], (_context, y, x) => new RhaiFloat(Math.atan2(y.value, x.value))),
  floatMethod('sinh', Math.sinh),
  floatMethod('cosh', Math.cosh),
  floatMethod('tanh', Math.tanh),
  floatMethod('asinh', Math.asinh),
  floatMethod('acosh', Math.acosh),
  floatMethod('atanh', Math.atanh),
  reads('hypot', [FLOAT, FLOAT], (_context, x, y) => new RhaiFloat(Math.hypot(x.value, y.value))),
  floatMethod('to_radians', (value) => value * (Math.PI / DEGREES_PER_HALF_TURN)),
  floatMethod('to_degrees', (value) => value * (DEGREES_PER_HALF_TURN / Math.PI)),
]
