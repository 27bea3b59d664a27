/**
 * About how much memory an execution record holds. Exact enough to keep a bound on many of them:
 * texts are counted at two bytes a character, which V8 never exceeds.
 *
 * @module
 */
import type { NewExecution } from '@picloud/storage'

const RECORD_BYTES = 512
const LINE_BYTES = 96
const BYTES_PER_CHARACTER = 2

export function recordBytes(record: NewExecution): number {
  let characters = (record.path?.length ?? 0) + (record.error?.message.length ?? 0)
  for (const line of record.logs) {
    characters += line.message.length
    if (line.fields !== undefined) characters += JSON.stringify(line.fields).length
  }
  return RECORD_BYTES + record.logs.length * LINE_BYTES + characters * BYTES_PER_CHARACTER
}
