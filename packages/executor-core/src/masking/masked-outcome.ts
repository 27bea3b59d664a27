/**
 * An outcome without the secrets its invocation was given. The answer itself is the script's own
 * business.
 *
 * @module
 */
import type { ExecutionFailure, LogLine } from '@picloud/shared'
import type { SecretMask } from './secret-mask.ts'

export interface Maskable {
  readonly logs: readonly LogLine[]
  readonly failure?: ExecutionFailure
}

export function maskedOutcome<Outcome extends Maskable>(
  outcome: Outcome,
  mask: SecretMask,
): Outcome {
  if (mask.isEmpty) return outcome
  const logs = outcome.logs.map((line) => maskedLine(line, mask))
  const { failure } = outcome
  if (failure === undefined) return { ...outcome, logs }
  return { ...outcome, logs, failure: maskedFailure(failure, mask) }
}

export function maskedLine(line: LogLine, mask: SecretMask): LogLine {
  const message = mask.text(line.message)
  if (line.fields === undefined) return { ...line, message }
  return { ...line, message, fields: mask.data(line.fields) as NonNullable<LogLine['fields']> }
}

export function maskedFailure(failure: ExecutionFailure, mask: SecretMask): ExecutionFailure {
  if (mask.isEmpty) return failure
  const { kind } = failure
  const masked = { ...failure, message: mask.cutText(failure.message) }
  return kind === undefined ? masked : { ...masked, kind: mask.text(kind) }
}
