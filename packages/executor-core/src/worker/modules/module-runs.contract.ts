/**
 * Runs scripts in a real sandbox for the tests of one module: what they give, what they catch, what
 * it costs them.
 *
 * @module
 */
import type { ExecutionLimits, ExecutionOutcome, StreamedAnswer } from '@picloud/shared'
import { afterAll, beforeAll } from 'vitest'
import { type LocalExecutor, startExecutor } from '../../executor.ts'
import { bodyText, failureIn, outcomeIn, requestOf } from '../../script-run.contract.ts'

const MIB = 1024 * 1024

interface ModuleRuns {
  /** Whatever comes of it, a streamed answer too. */
  execute(
    source: string,
    limits?: Partial<ExecutionLimits>,
    body?: string,
  ): Promise<ExecutionOutcome | StreamedAnswer>
  run(source: string, limits?: Partial<ExecutionLimits>, body?: string): Promise<ExecutionOutcome>
  /** The answer as text. `input` is `request.body` to the script. */
  text(source: string, input?: string): Promise<string>
  /** The answer read as JSON; for values that JSON can tell apart. */
  value(source: string, input?: string): Promise<unknown>
  /** `code: message` of what an expression throws and a script catches. */
  caught(expression: string, input?: string): Promise<string>
  operations(source: string, input?: string): Promise<number>
  /** The name of the limit that ended the script. */
  limit(source: string, limits: Partial<ExecutionLimits>, input?: string): Promise<string>
}

/** Registers what starts and stops the executor. */
export function moduleRuns(sandboxMib = 128): ModuleRuns {
  let executor: LocalExecutor
  beforeAll(() => {
    executor = startExecutor({ processes: 1, sandboxMemoryBytesMax: sandboxMib * MIB })
  })
  afterAll(() => executor.stop())

  const execute: ModuleRuns['execute'] = async (source, limits = {}, body = '') => {
    const headers = { 'content-type': 'text/plain; charset=utf-8' }
    const request = { body: Buffer.from(body, 'utf8'), headers }
    return await executor.execute(requestOf(source, { limits, request }))
  }
  const run: ModuleRuns['run'] = async (...given) => outcomeIn(await execute(...given))
  const text: ModuleRuns['text'] = async (source, input) =>
    bodyText(await run(source, undefined, input))
  return {
    execute,
    run,
    text,
    value: async (source, input) => JSON.parse(await text(source, input)),
    caught: (expression, input) => {
      const shown = 'if type_of(e) == "map" { e.code + ": " + e.message } else { e.to_string() }'
      return text(`let r = "nothing"; try { ${expression} } catch (e) { r = ${shown}; } r`, input)
    },
    operations: async (source, input) => {
      const outcome = await run(source, undefined, input)
      bodyText(outcome)
      return outcome.operations
    },
    limit: async (source, limits, input) => failureIn(await run(source, limits, input)).message,
  }
}
