/**
 * `csv::`, RFC 4180.
 *
 *     csv::parse(text), (text, options)        rows as arrays of strings, or as maps
 *     csv::stringify(rows), (rows, options)    of arrays or of maps
 *
 * @module
 */
import {
  ARRAY,
  arrayItems,
  type CallContext,
  checkArraySize,
  checkMapSize,
  type HostModule,
  hostFunction,
  isArray,
  MAP,
  makeArray,
  mapGet,
  mapMaker,
  type RhaiArray,
  type RhaiMap,
  STRING,
  type Value,
} from '@picloud/rhai'
import { chargeUnits } from '../charge.ts'
import { quoted } from '../quoted.ts'
import { refusal } from '../refusal.ts'
import { CsvReader } from './csv/csv-reader.ts'
import { CsvWriter } from './csv/csv-writer.ts'
import { Options } from './options.ts'

const READING_PASSES = 8
const OPERATIONS_PER_ROW = 16
const HEADER_SHOWN_MAX = 80

export const CSV_MODULE: HostModule = {
  functions: {
    parse: [
      hostFunction([STRING], (context, text) => parse(context, text, undefined)),
      hostFunction([STRING, MAP], (context, text, options) => parse(context, text, options)),
    ],
    stringify: [
      hostFunction([ARRAY], (context, rows) => stringify(context, rows, undefined)),
      hostFunction([ARRAY, MAP], (context, rows, options) => stringify(context, rows, options)),
    ],
  },
}

function parse(context: CallContext, text: string, map: RhaiMap | undefined): RhaiArray {
  const options = new Options(context, 'csv::parse', map, ['headers', 'delimiter'])
  const hasHeaders = options.bool('headers') ?? false
  chargeUnits(context, text.length, READING_PASSES)
  const rows = new CsvReader(context, text, delimiterIn(options)).rows()
  const first = hasHeaders ? rows.next().value : undefined
  if (first !== undefined) checkHeaders(context, first.fields)
  const rowOf = first === undefined ? makeArray : mapMaker(first.fields)
  const result: Value[] = []
  for (const { fields } of rows) {
    context.charge(OPERATIONS_PER_ROW)
    result.push(rowOf(fields))
    checkArraySize(context, result.length)
  }
  return makeArray(result)
}

function stringify(context: CallContext, rows: RhaiArray, map: RhaiMap | undefined): string {
  const known = ['headers', 'delimiter', 'newline', 'guard_formulas']
  const options = new Options(context, 'csv::stringify', map, known)
  const headers = headersIn(map)
  if (headers !== undefined) checkHeaders(context, headers)
  const writer = new CsvWriter(context, {
    delimiter: delimiterIn(options),
    newline: options.oneOf('newline', ['\r\n', '\n']) ?? '\r\n',
    headers,
    guardsFormulas: options.bool('guard_formulas') ?? false,
  })
  return writer.write(rows)
}

function delimiterIn(options: Options): string {
  const delimiter = options.text('delimiter') ?? ','
  if ([...delimiter].length === 1 && !/["\r\n\ufeff]/.test(delimiter)) return delimiter
  throw refusal('PIC_OPTION_INVALID', 'csv:: takes one character as delimiter, and no quote')
}

function headersIn(map: RhaiMap | undefined): readonly string[] | undefined {
  const value = map === undefined ? undefined : mapGet(map, 'headers')
  if (value === undefined) return undefined
  const names = isArray(value) ? arrayItems(value) : []
  const texts = names.filter((name) => typeof name === 'string')
  if (texts.length > 0 && texts.length === names.length) return texts
  throw refusal('PIC_OPTION_INVALID', 'csv::stringify takes an array of strings as headers')
}

function checkHeaders(context: CallContext, headers: readonly string[]): void {
  checkMapSize(context, headers.length)
  context.charge(headers.length)
  const seen = new Set<string>()
  for (const header of headers) {
    if (seen.has(header)) {
      const shown = JSON.stringify(quoted(context, header, HEADER_SHOWN_MAX))
      throw refusal('PIC_CSV_HEADER', `Two headers are called ${shown}`)
    }
    seen.add(header)
  }
}
