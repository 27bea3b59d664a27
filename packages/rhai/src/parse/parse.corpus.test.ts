/**
 * Holds the parser against what the reference engine answered.
 *
 * The recorded cases lie beside the repository and are not part of it; without them there is
 * nothing to compare and the suite says so.
 *
 * @module
 */
import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { RhaiError } from '../rhai-error.ts'
import { parse } from './parse.ts'

const CASES_DIR = new URL('../../../../../shared/rhai/', import.meta.url)
const FILES = ['core', 'stdlib', 'gen', 'reference']

interface Expectation {
  readonly ok: boolean
  readonly phase?: 'parse' | 'eval'
  readonly error?: string
  readonly kind?: string
  readonly line?: number
  readonly col?: number
  readonly root_kind?: string
}

interface RecordedCase {
  readonly id: string
  readonly script: string
  readonly expect: Expectation
}

describe('the parser on recorded answers of the reference', () => {
  for (const file of FILES) {
    const url = new URL(`${file}.jsonl`, CASES_DIR)
    it.skipIf(!existsSync(url))(`agrees on every case of ${file}, if it is there`, () => {
      const differences = readCases(url).flatMap((recorded) => difference(recorded) ?? [])
      expect(differences).toEqual([])
    })
  }
})

function readCases(url: URL): RecordedCase[] {
  const lines = readFileSync(url, 'utf8').split('\n')
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as RecordedCase)
}

/** What the parser says otherwise than recorded, in words. */
function difference({ id, script, expect: recorded }: RecordedCase): string | undefined {
  const wanted = recorded.phase === 'parse' ? describeRecorded(recorded) : 'parses'
  const got = outcomeOf(script)
  return got === wanted ? undefined : `${id}: wanted ${wanted}, got ${got}`
}

function describeRecorded(recorded: Expectation): string {
  const { kind, root_kind: root = kind, line, col, error } = recorded
  return `${kind}/${root} at ${line}:${col}: ${error}`
}

function outcomeOf(script: string): string {
  try {
    parse(script)
    return 'parses'
  } catch (error) {
    if (!(error instanceof RhaiError)) throw error
    const { kind, lexError, line, column } = error
    return `${kind}/${lexError ?? kind} at ${line}:${column}: ${error}`
  }
}
