/**
 * Writes CSV that every reader takes, RFC 4180.
 *
 * @module
 */
import {
  arrayItems,
  type CallContext,
  checkStringSize,
  isArray,
  isMap,
  mapEntries,
  mapGet,
  type RhaiArray,
  RhaiChar,
  type RhaiMap,
  typeName,
  type Value,
} from '@picloud/rhai'
import { chargeUnits } from '../../charge.ts'
import { refusal } from '../../refusal.ts'
import { textOf } from '../../value-text.ts'

const PASSES = 8
const OPERATIONS_PER_FIELD = 12
/** What spreadsheets take for the beginning of a formula. */
const FORMULA = /^[=+\-@\t\r＝＋－＠]/

export interface CsvForm {
  readonly delimiter: string
  readonly newline: string
  /** The first row, and what is written of maps. */
  readonly headers: readonly string[] | undefined
  readonly guardsFormulas: boolean
}

export class CsvWriter {
  readonly #context: CallContext
  readonly #form: CsvForm
  readonly #lines: string[] = []
  #length = 0

  constructor(context: CallContext, form: CsvForm) {
    this.#context = context
    this.#form = form
  }

  /** @throws RhaiError `PIC_CSV_VALUE` */
  write(rows: RhaiArray): string {
    const items = arrayItems(rows)
    const headers = this.#form.headers ?? (isMap(items[0]) ? keysOf(items[0]) : undefined)
    if (headers !== undefined) this.#row(headers, 0)
    for (const [index, item] of items.entries()) this.#row(fieldsOf(item, headers, index), index)
    return this.#lines.join('')
  }

  #row(fields: readonly Value[], index: number): void {
    this.#context.charge(OPERATIONS_PER_FIELD * (fields.length + 1))
    const texts = fields.map((field) => this.#field(field, index))
    const line = texts.join(this.#form.delimiter)
    this.#length += line.length + 2 + this.#form.newline.length
    checkStringSize(this.#context, this.#length)
    // A line with nothing in it would be no row.
    this.#lines.push((line === '' ? '""' : line) + this.#form.newline)
  }

  #field(value: Value, index: number): string {
    const plain = value instanceof RhaiChar ? value.text : value
    const text = plain === undefined ? '' : textOf(plain)
    if (text === null) {
      throw refused(`a field cannot be a value of ${typeName(value)}`, index)
    }
    checkStringSize(this.#context, this.#length + text.length)
    chargeUnits(this.#context, text.length, PASSES)
    const isFormula = this.#form.guardsFormulas && typeof plain === 'string' && FORMULA.test(text)
    const shown = isFormula ? `'${text}` : text
    if (!/["\r\n\ufeff]|^\s|\s$/.test(shown) && !shown.includes(this.#form.delimiter)) return shown
    return `"${shown.replaceAll('"', '""')}"`
  }
}

function fieldsOf(
  row: Value,
  headers: readonly string[] | undefined,
  index: number,
): readonly Value[] {
  if (isArray(row)) {
    const fields = arrayItems(row)
    if (headers !== undefined && fields.length !== headers.length) {
      throw refused(`there are ${fields.length} fields for ${headers.length} headers`, index)
    }
    return fields
  }
  if (!isMap(row) || headers === undefined) {
    throw refused('rows are arrays, or all of them maps', index)
  }
  const known = new Set(headers)
  for (const [key] of mapEntries(row)) {
    if (!known.has(key)) throw refused(`there is no header for ${JSON.stringify(key)}`, index)
  }
  return headers.map((key) => mapGet(row, key))
}

function keysOf(map: RhaiMap): readonly string[] {
  return [...mapEntries(map)].map(([key]) => key).sort()
}

function refused(why: string, index: number): unknown {
  return refusal('PIC_CSV_VALUE', `Row ${index} cannot be written: ${why}`)
}
