/**
 * The text of a constant array or map inside an interpolated string.
 *
 * The reference folds those while it parses, and then chars show in quotes, which they do nowhere
 * else.
 *
 * @module
 */

import type { Expression } from '../../parse/ast.ts'
import { debugFloat } from '../../runtime/float-text.ts'
import { compareText } from '../../runtime/map-keys.ts'
import { quotedText } from '../../runtime/quoted-text.ts'

/** Undefined for anything that is not a literal container of literals. */
export function constantText(node: Expression): string | undefined {
  return node.kind === 'array' || node.kind === 'map' ? textOf(node) : undefined
}

function textOf(node: Expression): string | undefined {
  switch (node.kind) {
    case 'unit':
      return '()'
    case 'boolean':
    case 'integer':
      return String(node.value)
    case 'float':
      return debugFloat(node.value)
    case 'character':
      return `'${node.value}'`
    case 'string':
      return quotedText(node.value)
    case 'array': {
      const items = node.items.map(textOf)
      return items.includes(undefined) ? undefined : `[${items.join(', ')}]`
    }
    case 'map': {
      const entries = node.entries
        .toSorted((left, right) => compareText(left.name, right.name))
        .map((entry) => ({ name: quotedText(entry.name), text: textOf(entry.value) }))
      if (entries.some((entry) => entry.text === undefined)) return undefined
      return `#{${entries.map((entry) => `${entry.name}: ${entry.text}`).join(', ')}}`
    }
    default:
      return undefined
  }
}
