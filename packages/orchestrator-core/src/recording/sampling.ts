/**
 * Which executions are recorded where only some of the successes are.
 *
 * The execution's id decides, so a node that sees one again decides alike, and so do others.
 *
 * @module
 */
import type { ExecutionId } from '@picloud/shared'
import type { NewExecution } from '@picloud/storage'
import { isErrorRecord } from './record-buffer.ts'

const RANDOM_DIGITS = 8
const RANDOM_RANGE = 16 ** RANDOM_DIGITS

/** @param percent of the successes; errors always are */
export function isRecorded(execution: NewExecution, percent: number): boolean {
  return percent >= 100 || isErrorRecord(execution) || placeOf(execution.id) < percent
}

/** From 0 to below 100, evenly: the end of a UUIDv7 is random. */
function placeOf(id: ExecutionId): number {
  return (Number.parseInt(id.slice(-RANDOM_DIGITS), 16) / RANDOM_RANGE) * 100
}
