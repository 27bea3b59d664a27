/**
 * The text of a simple value where a text is wanted, such as a header or a log message.
 *
 * @module
 */
import { RhaiFloat, toJsonText, type Value } from '@picloud/rhai'

/** Texts, numbers and booleans as text; null for everything else. */
export function textOf(value: Value): string | null {
  switch (typeof value) {
    case 'string':
      return value
    case 'number':
    case 'bigint':
    case 'boolean':
      return String(value)
    default:
      return value instanceof RhaiFloat ? toJsonText(value) : null
  }
}
