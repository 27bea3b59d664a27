/**
 * Runs a text that is not saved as the script it may become, and records that.
 *
 * All else is as when a request comes for that script: its app's limits and services, admission,
 * the deadline, what its route captures. The answer is kept to be shown, up to a limit, instead of
 * being sent. What the text is compiled to has a name made of the text, which no saved version has.
 *
 * @module
 */
import { createHash } from 'node:crypto'
import {
  captureParams,
  type ExecutionFailure,
  type ExecutionId,
  type ExecutionOutcome,
  type ExecutionOutcomeBase,
  type Executor,
  type LimitPolicy,
  newId,
  PROBLEM_CONTENT_TYPE,
  type ResponseHead,
  type ScriptRequest,
  type ScriptVersionId,
  type StreamedAnswer,
  TEST_ANSWER_BYTES_MAX,
  type TestOutcome,
  type TestRequest,
  type TestRun,
  type TestRunner,
} from '@picloud/shared'
import type { Admission } from './ingress/admission.ts'
import { Cancellation } from './ingress/cancellation.ts'
import { parseCookies } from './ingress/cookies.ts'
import { advised } from './ingress/limit-advice.ts'
import { parseQuery } from './ingress/query-string.ts'
import { failureProblem } from './ingress/refusal.ts'
import { NO_VALUES } from './ingress/script-request.ts'
import type { ExecutionRecorder } from './recording/execution-recorder.ts'
import { toldError, toldLogs } from './recording/told-execution.ts'
import type { RoutingTables } from './routing/routing-tables.ts'
import type { ScriptTarget } from './routing/script-target.ts'

export interface TestRunsOptions {
  readonly executor: Executor
  readonly routing: Pick<RoutingTables, 'findScript' | 'findDomain'>
  readonly recorder: Pick<ExecutionRecorder, 'record'>
  readonly admission: Admission
  readonly policy: LimitPolicy
}

type Answer = TestOutcome['answer']

/** An execution that has ended, with what its client would have got of the script's answer. */
type Ran = { readonly outcome: ExecutionOutcomeBase } & (
  | { readonly answer: Answer; readonly failure: ExecutionFailure | null }
  | { readonly answer: null; readonly failure: ExecutionFailure }
)

/** Somebody looks at each of them. */
const ALL_RECORDED_PERCENT = 100
/** What an executor says of what nobody waits for any more. */
const CANCELLED = 'PIC_EXEC_CANCELLED'

export class TestRuns implements TestRunner {
  readonly #options: TestRunsOptions

  constructor(options: TestRunsOptions) {
    this.#options = options
  }

  async test(run: TestRun, signal: AbortSignal): Promise<TestOutcome | null> {
    const { routing, admission } = this.#options
    const target = routing.findScript(run.scriptId)
    if (target === undefined || target.app.id !== run.appId) return null
    admission.enter(target.app)
    const cancellation = new Cancellation()
    const cancel = (): void => cancellation.abort()
    signal.addEventListener('abort', cancel)
    if (signal.aborted) cancel()
    try {
      return await this.#run(run, target, cancellation)
    } finally {
      signal.removeEventListener('abort', cancel)
      admission.leave(target.app)
    }
  }

  async #run(run: TestRun, target: ScriptTarget, cancellation: Cancellation): Promise<TestOutcome> {
    const { executor, policy } = this.#options
    const id = newId<ExecutionId>()
    const startedAt = new Date()
    const deadlineAt = startedAt.getTime() + target.limits.deadlineMs
    const result = await executor.execute(
      {
        id,
        app: target.app,
        script: { ...target.script, versionId: versionOf(run) },
        source: run.source,
        imports: run.imports,
        trigger: 'test',
        request: scriptRequestOf(run.request, this.#paramsOf(run, target)),
        deadlineAt,
        limits: target.limits.execution,
      },
      cancellation,
    )
    const ran =
      result.kind === 'stream' ? await collected(result, cancellation, deadlineAt) : ranOf(result)
    const { outcome } = ran
    const failure = ran.failure === null ? null : advised(ran.failure, target, policy)
    const tested: TestOutcome = {
      id,
      version: target.script.version,
      startedAt,
      durationMs: outcome.durationMs,
      operations: outcome.operations,
      logs: toldLogs(outcome, target, policy),
      logsDropped: outcome.logsDropped,
      failure,
      answer: ran.answer ?? problemAnswer(advised(ran.failure, target, policy), id, target),
    }
    this.#record(run, target, tested)
    return tested
  }

  /** What the route captures that would lead there; nothing where none does. */
  #paramsOf({ request }: TestRun, { app, script }: ScriptTarget): ScriptRequest['params'] {
    const domain = this.#options.routing.findDomain(request.host)
    if (domain?.app.id !== app.id) return NO_VALUES
    const [path = ''] = request.target.split('?', 1)
    const match = domain.app.routes.match(request.method, request.host, path)
    if (match.kind !== 'route' || match.entry.target?.script.id !== script.id) return NO_VALUES
    return captureParams(domain.pattern, request.host, match.entry, match.segments)
  }

  #record({ request }: TestRun, target: ScriptTarget, tested: TestOutcome): void {
    const { id, version, startedAt, durationMs, operations, logs, logsDropped, failure } = tested
    const [path = ''] = request.target.split('?', 1)
    this.#options.recorder.record(
      {
        ...{ id, version, startedAt, durationMs, operations, logs, logsDropped },
        appId: target.app.id,
        scriptId: target.script.id,
        routeId: null,
        trigger: 'test',
        outcome: failure === null ? 'ok' : 'error',
        method: request.method,
        path,
        status: tested.answer.status,
        error: toldError(failure),
      },
      ALL_RECORDED_PERCENT,
    )
  }
}

/** As UUIDs made of hashes are (RFC 9562 section 5.8): the same text of a script has the same. */
function versionOf({ scriptId, source }: TestRun): ScriptVersionId {
  const hash = createHash('sha256').update(`${scriptId}\n${source}`, 'utf8').digest('hex')
  const variant = ((Number.parseInt(hash.slice(16, 17), 16) & 0x3) | 0x8).toString(16)
  const parts = [
    hash.slice(0, 8),
    hash.slice(8, 12),
    `8${hash.slice(13, 16)}`,
    `${variant}${hash.slice(17, 20)}`,
    hash.slice(20, 32),
  ]
  return parts.join('-') as ScriptVersionId
}

function scriptRequestOf(request: TestRequest, params: ScriptRequest['params']): ScriptRequest {
  const { method, host, target, headers, body, ip } = request
  const mark = target.indexOf('?')
  const path = mark === -1 ? target : target.slice(0, mark)
  const query = mark === -1 ? '' : target.slice(mark + 1)
  const { cookie } = headers
  return {
    method,
    url: `https://${host}${target}`,
    host,
    path,
    params,
    query: query === '' ? NO_VALUES : parseQuery(query),
    headers: { host, ...headers },
    cookies: cookie === undefined ? NO_VALUES : parseCookies(cookie),
    body,
    ip,
  }
}

function ranOf(outcome: ExecutionOutcome): Ran {
  if (outcome.kind === 'failure') return { outcome, answer: null, failure: outcome.failure }
  const { status, headers, body } = outcome.response
  return { outcome, answer: answerOf({ status, headers }, body), failure: null }
}

/** Streams up to what is shown of them, and until the deadline: some never end by themselves. */
async function collected(
  stream: StreamedAnswer,
  cancellation: Cancellation,
  deadlineAt: number,
): Promise<Ran> {
  const pieces: Uint8Array[] = []
  let bytes = 0
  const deadline = setTimeout(() => cancellation.abort(), deadlineAt - Date.now())
  try {
    for (let piece = await stream.next(); piece !== null; piece = await stream.next()) {
      pieces.push(piece)
      bytes += piece.byteLength
      if (bytes > TEST_ANSWER_BYTES_MAX) cancellation.abort()
    }
    const outcome = await stream.outcome
    const answer = answerOf(stream.head, Buffer.concat(pieces))
    if (outcome.kind === 'streamed') return { outcome, answer, failure: null }
    // What was ended here did nothing wrong.
    return cancellation.aborted && outcome.failure.code === CANCELLED
      ? { outcome, answer: { ...answer, isCut: true }, failure: null }
      : { outcome, answer, failure: outcome.failure }
  } finally {
    clearTimeout(deadline)
  }
}

function answerOf(head: ResponseHead, body: Uint8Array): Answer {
  const { status, headers } = head
  const isCut = body.byteLength > TEST_ANSWER_BYTES_MAX
  return { status, headers, body: body.subarray(0, TEST_ANSWER_BYTES_MAX), isCut }
}

function problemAnswer(failure: ExecutionFailure, id: ExecutionId, target: ScriptTarget): Answer {
  const problem = failureProblem(failure, id, target.showErrorDetail)
  const headers = { 'content-type': PROBLEM_CONTENT_TYPE }
  return answerOf({ status: problem.status, headers }, Buffer.from(JSON.stringify(problem)))
}
