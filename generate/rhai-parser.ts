/**
 * Compiles the grammar of the dashboard's editor into tables.
 *
 * @module
 */
import assert from 'node:assert/strict'
import { buildParserFile } from '@lezer/generator'

const HEADER = `// Generated from rhai.grammar by \`npm run generate\`. Do not edit: change the grammar.
`

export interface ParserSource {
  readonly parser: string
  readonly terms: string
}

/** The TypeScript sources for this grammar. */
export function parserSource(grammar: string): ParserSource {
  const warnings: string[] = []
  const options = { fileName: 'rhai.grammar', typeScript: true }
  const { parser, terms } = buildParserFile(grammar, {
    ...options,
    warn: (message) => warnings.push(message),
  })
  assert.deepEqual(warnings, [], 'the grammar is without warnings')
  return { parser: HEADER + withoutHeader(parser), terms: HEADER + withoutHeader(terms) }
}

/** The generator's own first line says the same, with less certainty. */
function withoutHeader(source: string): string {
  return source.replace(/^\/\/ This file was generated[^\n]*\n/, '')
}
