/**
 * `json::`, RFC 8259.
 *
 *     json::parse(text)                  the value
 *     json::stringify(value)             its text, in one line
 *     json::stringify(value, indent)     one line for each item, so many blanks for each level
 *
 * `parse_json` and `to_json` of the language read and write something near JSON; this is JSON.
 *
 * @module
 */
import { ANY, type HostModule, hostFunction, INT, STRING } from '@picloud/rhai'
import { refusal } from '../refusal.ts'
import { jsonValue } from './json/json-value.ts'
import { JsonWriter } from './json/json-writer.ts'

const INDENT_MAX = 10

export const JSON_MODULE: HostModule = {
  functions: {
    parse: hostFunction([STRING], jsonValue),
    stringify: [
      hostFunction([ANY], (context, value) => new JsonWriter(context, 0).write(value)),
      hostFunction([ANY, INT], (context, value, indent) => {
        if (indent < 0 || indent > INDENT_MAX) {
          throw refusal('PIC_JSON_INDENT', `The indentation is 0 to ${INDENT_MAX}, not ${indent}`)
        }
        return new JsonWriter(context, Number(indent)).write(value)
      }),
    ],
  },
}
