/**
 * Runs every recorded case. `known-gaps.json` lists those that differ from the recording: the lists
 * must match exactly, so neither a regression nor an improvement goes unnoticed.
 *
 * `right` compares outcome, type, value, output and kind of error; `exact` also the message, the
 * positions and the innermost error.
 *
 * The asynchronous form of every case, in which each function is asynchronous and each call awaited,
 * must give exactly what the synchronous one gives.
 */
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { type Case, parseCases } from '../cli/case-file.ts'
import { type CaseResult, runCase, runCaseLater } from '../cli/case-result.ts'
import { compare } from '../cli/compare.ts'

/** Each case with the group of its reason, which the compatibility page explains. */
type KnownGaps = { readonly [Kind in keyof Gaps]: Readonly<Record<string, string>> }

interface Gaps {
  readonly wrong: readonly string[]
  readonly inexact: readonly string[]
}

const REFERENCE = new URL('../../../../shared/rhai/reference.jsonl', import.meta.url)
const REFERENCE_RIGHT_MIN = 0.95

const knownGaps = JSON.parse(
  readFileSync(new URL('known-gaps.json', import.meta.url), 'utf8'),
) as Readonly<Record<string, KnownGaps>>

const CORPUS = ['core', 'stdlib', 'gen', 'differential'].map((name) => {
  const url = new URL(`corpus/${name}.jsonl`, import.meta.url)
  return { name, cases: parseCases(readFileSync(url, 'utf8'), name) }
})

const results = new Map<Case, CaseResult>()

function resultOf(each: Case): CaseResult {
  const result = results.get(each) ?? runCase(each)
  results.set(each, result)
  return result
}

function gapsOf(cases: readonly Case[]): Gaps {
  const wrong: string[] = []
  const inexact: string[] = []
  for (const each of cases) {
    const { isRight, isExact } = compare(resultOf(each), each.expect)
    if (!isRight) wrong.push(each.id)
    else if (!isExact) inexact.push(each.id)
  }
  return { wrong: wrong.sort(), inexact: inexact.sort() }
}

function idsOf(known: KnownGaps | undefined): Gaps {
  const ids = (gaps: Readonly<Record<string, string>> = {}) => Object.keys(gaps).sort()
  return { wrong: ids(known?.wrong), inexact: ids(known?.inexact) }
}

describe('recorded results of the reference engine', () => {
  it.each(CORPUS)('agrees on $name but for the known gaps', { timeout: 120_000 }, (corpus) => {
    expect(gapsOf(corpus.cases)).toEqual(idsOf(knownGaps[corpus.name]))
  })

  it.each(CORPUS)(
    'gives the same on $name in the asynchronous form',
    { timeout: 120_000 },
    async ({ cases }) => {
      for (const each of cases) {
        expect(await runCaseLater(each), each.script).toEqual(resultOf(each))
      }
    },
  )

  it.runIf(existsSync(fileURLToPath(REFERENCE)))(
    "agrees on nearly all of the reference's own scripts",
    { timeout: 120_000 },
    () => {
      const cases = parseCases(readFileSync(REFERENCE, 'utf8'), String(REFERENCE))
      const { wrong } = gapsOf(cases)
      expect(1 - wrong.length / cases.length).toBeGreaterThan(REFERENCE_RIGHT_MIN)
    },
  )
})
