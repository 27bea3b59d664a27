/**
 * What is fuzzed, as one value, so that a test can put something broken in its place.
 *
 * @module
 */
import {
  type CompileOptions,
  canonicalText,
  check,
  compile,
  describe,
  diagnose,
  fromJson,
  type RunOptions,
  type RunResult,
  render,
  toJsonText,
} from '../src/index.ts'

export interface FuzzedProgram {
  run(options: RunOptions): RunResult
}

export interface FuzzedScript {
  readonly code: string
  instantiate(): FuzzedProgram
}

export interface Engine {
  readonly canonicalText: typeof canonicalText
  readonly check: typeof check
  readonly describe: typeof describe
  readonly diagnose: typeof diagnose
  readonly fromJson: typeof fromJson
  readonly render: typeof render
  readonly toJsonText: typeof toJsonText
  compile(source: string, options: CompileOptions): FuzzedScript
}

export const RHAI_ENGINE: Engine = {
  canonicalText,
  check,
  compile,
  describe,
  diagnose,
  fromJson,
  render,
  toJsonText,
}
