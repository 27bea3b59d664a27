/**
 * The programs of a seed: program `n` depends on the seed, `n` and the corpus, and nothing else.
 *
 * @module
 */
import { readFileSync } from 'node:fs'
import { parseCases } from '../cli/case-file.ts'
import { generateProgram } from './generate/generator.ts'
import { mutate, randomText, tokenSoup } from './generate/mutate.ts'
import { Random } from './random.ts'

const CORPUS = ['core', 'stdlib', 'gen']

export interface SourceStream {
  sourceAt(index: number): string
}

export function sourceStream(seed: number): SourceStream {
  const corpus = CORPUS.flatMap(scriptsOf)
  return { sourceAt: (index) => sourceOf(new Random(seed, index), corpus) }
}

function sourceOf(random: Random, corpus: readonly string[]): string {
  const any = () => (random.chance(0.2) ? generateProgram(random) : random.pick(corpus))
  const kind = random.below(100)
  if (kind < 40) return generateProgram(random)
  if (kind < 85) return mutate(random, any(), any())
  if (kind < 95) return tokenSoup(random)
  return randomText(random)
}

function scriptsOf(name: string): readonly string[] {
  const path = new URL(`../test/corpus/${name}.jsonl`, import.meta.url)
  return parseCases(readFileSync(path, 'utf8'), name).map(({ script }) => script)
}
