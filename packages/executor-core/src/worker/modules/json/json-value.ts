/**
 * The value of a JSON text, for whatever module reads one.
 *
 * @module
 */
import type { CallContext, Value } from '@picloud/rhai'
import { chargeUnits } from '../../charge.ts'
import { DataRoom } from '../data-room.ts'
import { JsonReader } from './json-reader.ts'

const READING_PASSES = 4

/** @throws RhaiError `PIC_JSON_INVALID`, `PIC_JSON_NUMBER` or `PIC_JSON_DEPTH` */
export function jsonValue(context: CallContext, text: string): Value {
  chargeUnits(context, text.length, READING_PASSES)
  return new JsonReader(context, new DataRoom(context), text).document()
}
