/**
 * Every mistake the parser can find: kind, message and position are the reference's.
 *
 * `parse-errors.json` was recorded from the reference engine, at least one source for each place in
 * its parser that raises an error.
 */
import { describe, expect, it } from 'vitest'
import { check, compile, diagnose, RhaiError } from '../src/index.ts'
import rows from './parse-errors.json' with { type: 'json' }

/** Kinds of the reference that no script can cause with default settings. */
const UNREACHABLE = [
  'DuplicatedSwitchCase',
  'ForbiddenVariable',
  'LiteralTooLarge',
  'MalformedCallExpr',
  'MalformedInExpr',
  'MissingSymbol',
  'ModuleUndefined',
  'TooManyFunctions',
  'VariableExists',
  'VariableUndefined',
  'WrongDocComment',
]

const ALL_KINDS = 38

function refusal(work: () => unknown): string {
  try {
    work()
    return 'accepted'
  } catch (error) {
    if (error instanceof RhaiError) return `${error.kind}: ${error}`
    throw error
  }
}

describe('a mistake of the grammar', () => {
  it.each(rows)('$source', ({ source, error }) => {
    expect(refusal(() => check(source))).toBe(error)
    expect(refusal(() => compile(source))).toBe(error)
  })

  it('is the first thing that diagnose tells', () => {
    for (const { source, error } of rows) {
      const [first] = diagnose(source)
      expect(first?.severity).toBe('error')
      expect(error.startsWith(`${first?.kind}: ${first?.message}`), source).toBe(true)
    }
  })

  it('is recorded for every kind there is', () => {
    const kinds = new Set(rows.map(({ error }) => error.slice(0, error.indexOf(':'))))
    expect(kinds.size + UNREACHABLE.length).toBe(ALL_KINDS)
    expect(UNREACHABLE.filter((kind) => kinds.has(kind))).toEqual([])
  })
})
