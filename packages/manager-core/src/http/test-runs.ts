/**
 * `/api/v1/admin/scripts/{script_id}:test`. Rules live in `domain/test-runs.ts`.
 *
 * @module
 */
import {
  type ExecutionFailure,
  type TestedScript,
  type TestOutcome,
  testedScriptSchema,
  testScriptSchema,
} from '@picloud/shared'
import type { ExecutionRow } from '@picloud/storage'
import type { Tested, TestRuns } from '../domain/test-runs.ts'
import { type Endpoint, endpoint } from './endpoint.ts'
import { executionOf } from './execution-answer.ts'

export function testRunEndpoints(tests: TestRuns): readonly Endpoint[] {
  return [
    endpoint({
      method: 'POST',
      path: '/api/v1/admin/scripts/{script_id}:test',
      guard: 'admin',
      id: 'testScript',
      summary: 'Run a text that is not saved as the script, with its data and secrets',
      body: testScriptSchema,
      result: testedScriptSchema,
      errors: [404],
      handle: async ({ by, params, body, signal }) =>
        testedOf(await tests.run(by, params.script_id, body, signal)),
    }),
  ]
}

function testedOf({ script, outcome, request }: Tested): TestedScript {
  const { failure, answer } = outcome
  const { method, path: target } = request
  return {
    execution: executionOf({
      id: outcome.id,
      appId: script.appId,
      scriptId: script.id,
      scriptName: script.name,
      version: outcome.version,
      routeId: null,
      trigger: 'test',
      outcome: failure === null ? 'ok' : 'error',
      method,
      path: target.split('?', 1)[0] ?? target,
      status: answer.status,
      startedAt: outcome.startedAt,
      durationMs: outcome.durationMs,
      operations: outcome.operations,
      logs: outcome.logs,
      logsDropped: outcome.logsDropped,
      error: failure === null ? null : errorOf(failure),
    }),
    answer: answerOf(answer),
  }
}

function errorOf(failure: ExecutionFailure): NonNullable<ExecutionRow['error']> {
  const { code, message, kind = null, line = null, column = null } = failure
  return { code, message, kind, line, column }
}

function answerOf({ status, headers, body, isCut }: TestOutcome['answer']): TestedScript['answer'] {
  const text = textOf(body, isCut)
  return {
    status,
    headers: Object.entries(headers).flatMap(([name, values]) =>
      [values].flat().map((value) => ({ name, value })),
    ),
    body: text,
    body_base64: text === null ? Buffer.from(body).toString('base64') : null,
    is_cut: isCut,
  }
}

/** Null: it is no text. One that is cut may end within a character. */
function textOf(body: Uint8Array, isCut: boolean): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body, { stream: isCut })
  } catch {
    return null
  }
}
