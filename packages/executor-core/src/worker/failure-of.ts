/**
 * Turns whatever ended a run early into the failure its caller gets.
 *
 * @module
 */
import { isMap, mapGet, RhaiError, type Value } from '@picloud/rhai'
import type { ExecutionFailure, ExecutionLimits } from '@picloud/shared'
import { ValueRefusedError, ValueTooLongError } from '@picloud/shared/value-bytes'
import {
  CANCELLED_FAILURE,
  DEADLINE_FAILURE,
  engineFailure,
  limitFailure,
  memoryFailure,
  parseFailure,
  requestBodyFailure,
  responseFailure,
  streamTimeFailure,
  thrownFailure,
  uncaughtFailure,
} from '../failures.ts'
import { maskedFailure } from '../masking/masked-outcome.ts'
import type { SecretMask } from '../masking/secret-mask.ts'
import { AnswerError, OutputLimitError } from './answer-error.ts'
import { RequestBodyError } from './request-body.ts'
import { COMPUTED_TOO_LONG } from './run-limit-error.ts'
import type { RunStop } from './run-stop.ts'

const THROWN_STATUS_MIN = 400
const THROWN_STATUS_MAX = 599
const THROWN_MESSAGE_LENGTH_MAX = 4096
/** An error's text may quote the script's data; a record keeps this much of it. */
const MESSAGE_LENGTH_MAX = 8192

/** What the failing run was allowed, for errors that do not say it themselves. */
export interface RunFacts {
  readonly limits: ExecutionLimits
  readonly sandboxMemoryBytesMax: number
  /** What its failure must not show. Texts are masked before they are cut, so that no part stays. */
  readonly mask: SecretMask
}

export function failureOf(error: unknown, facts: RunFacts): ExecutionFailure {
  return maskedFailure(unmaskedFailureOf(error, facts), facts.mask)
}

function unmaskedFailureOf(error: unknown, facts: RunFacts): ExecutionFailure {
  if (error instanceof RhaiError) return failureOfScript(error, facts)
  if (error instanceof RequestBodyError) return requestBodyFailure(error.message)
  if (error instanceof AnswerError) {
    return responseFailure(`The script's answer cannot be sent: ${error.message}.`)
  }
  if (error instanceof OutputLimitError) {
    const limit = { name: 'outputBytesMax', value: error.bytesMax }
    return limitFailure(limit, "The script's answer is too long", {})
  }
  if (error instanceof ValueTooLongError) {
    const limit = limitOf(facts, 'hostValueBytesMax')
    return limitFailure(limit, 'The value for the script that called is too long', {})
  }
  if (error instanceof ValueRefusedError) {
    return responseFailure(`The script that called cannot be given ${error.message}.`)
  }
  return failureOfEngine(error, facts)
}

/** Why a source does not compile. */
export function failureOfSource(error: RhaiError): ExecutionFailure {
  return parseFailure(shortened(error.text, MESSAGE_LENGTH_MAX), positionOf(error))
}

function failureOfScript(error: RhaiError, facts: RunFacts): ExecutionFailure {
  if (error.kind === 'ErrorSystem') return failureOfEngine(error.cause ?? error, facts)
  if (isMemoryRefused(error.cause)) return memoryFailure(facts.sandboxMemoryBytesMax)
  const position = positionOf(error)
  const text = shortened(facts.mask.text(error.text), MESSAGE_LENGTH_MAX)
  if (error.limit !== undefined) return limitFailure(error.limit, text, position)
  if (error.kind === 'ErrorStackOverflow') {
    return limitFailure(limitOf(facts, 'callDepthMax'), text, position)
  }
  if (error.kind === 'ErrorTerminated') {
    return failureOfStop(error.cause as RunStop, facts, position)
  }
  const thrown = thrownAnswer(error.thrown as Value, facts.mask)
  if (thrown !== null) return thrownFailure(thrown.status, thrown.message, position)
  const { kind } = error.root ?? error
  const advice = kind === 'ErrorModuleNotFound' ? ` ${IMPORT_ADVICE}` : ''
  return uncaughtFailure(text + advice, position)
}

/** The language's own words say what is missing, but not why it may be. */
const IMPORT_ADVICE =
  '(A script can import the scripts of its app that its source names, as they were when it was ' +
  'activated: activate it again if one was made or deleted since. And it has the services that its ' +
  'app is granted: picloud apps set APP --services.)'

export function failureOfStop(
  reason: RunStop,
  facts: RunFacts,
  position: ReturnType<typeof positionOf> | undefined = undefined,
): ExecutionFailure {
  const { limits } = facts
  switch (reason) {
    case 'deadline':
      return { ...DEADLINE_FAILURE, ...position }
    case 'cancelled':
      return CANCELLED_FAILURE
    case 'streamTime':
      return { ...streamTimeFailure(limits.streamMs), ...position }
    case 'processorTime':
      return limitFailure(limitOf(facts, 'cpuMsMax'), COMPUTED_TOO_LONG, position ?? {})
  }
}

function limitOf({ limits }: RunFacts, name: keyof ExecutionLimits) {
  return { name, value: limits[name] }
}

/** Memory outside the heap is refused with an error where memory inside it ends the process. */
const MEMORY_REFUSED = /Array buffer allocation failed/

function isMemoryRefused(error: unknown): boolean {
  return MEMORY_REFUSED.test(String((error as Partial<Error> | undefined)?.message))
}

function failureOfEngine(error: unknown, facts: RunFacts): ExecutionFailure {
  const { mask } = facts
  // Errors made inside the fence belong to another realm: `instanceof` does not know them.
  const { name = 'Error', message = '' } = (error ?? {}) as Partial<Error>
  const text = `${String(name)}: ${String(message)}`
  if (isMemoryRefused(error)) return memoryFailure(facts.sandboxMemoryBytesMax)
  return engineFailure(shortened(mask.text(text), MESSAGE_LENGTH_MAX))
}

/** What happened and where: the innermost place in the script that is known, if there is one. */
function positionOf(error: RhaiError): { kind: string; line?: number; column?: number } {
  const { root } = error
  const { kind } = root ?? error
  const isInScript = root !== undefined && root.line > 0 && root.source === undefined
  const { line, column } = isInScript ? root : error
  return line === 0 ? { kind } : { kind, line, column }
}

/** What `throw #{ status: 404, message: ".." }` asks for; null for every other thrown value. */
function thrownAnswer(
  value: Value,
  mask: SecretMask,
): { readonly status: number; readonly message: string } | null {
  if (!isMap(value)) return null
  const status = mapGet(value, 'status')
  const message = mapGet(value, 'message')
  if (typeof status !== 'number' || status < THROWN_STATUS_MIN || status > THROWN_STATUS_MAX) {
    return null
  }
  const text = typeof message === 'string' ? message : `The script answered with status ${status}.`
  return { status, message: shortened(mask.text(text), THROWN_MESSAGE_LENGTH_MAX) }
}

function shortened(text: string, lengthMax: number): string {
  return text.length <= lengthMax ? text : `${text.slice(0, lengthMax).toWellFormed()}...`
}
