/**
 * `http::` as scripts see it, made of the one function of the host service.
 *
 *     http::get(url), http::delete(url), http::head(url), each also (url, options)
 *     http::post(url, body), http::put(url, body), http::patch(url, body), each also with options
 *     http::request(options)
 *
 * JSON and forms are written here, and the bodies of answers read, on the script's account: the
 * host passes bytes.
 *
 * @module
 */
import {
  ANY,
  arrayItems,
  asyncHostFunction,
  type CallContext,
  isArray,
  isBlob,
  isMap,
  MAP,
  makeMap,
  mapEntries,
  mapGet,
  mapMaker,
  type RhaiMap,
  STRING,
  toJsonText,
  type Value,
} from '@picloud/rhai'
import { chargeUnits } from './charge.ts'
import type { CallInternal, ServicePart } from './host-modules.ts'
import { jsonValue } from './modules/json/json-value.ts'
import { Options } from './modules/options.ts'
import { refusal } from './refusal.ts'
import { parseAnswer, RequestBodyError } from './request-body.ts'
import { ScriptRun } from './script-run.ts'
import { textOf } from './value-text.ts'

const PASSED_ON = ['headers', 'query', 'redirects', 'timeout_ms', 'max_bytes'] as const
const CONTENT = ['body', 'json', 'form'] as const
const ANSWER = mapMaker(['status', 'headers', 'body', 'body_raw', 'url'])

type Entry = readonly [name: string, value: Value]

export const HTTP_PART: ServicePart = ({ call: ask }) => {
  const without = (method: string) => [
    asyncHostFunction([STRING], (context, url) => send(ask, context, { method, url })),
    asyncHostFunction([STRING, MAP], (context, url, options) =>
      send(ask, context, { method, url, options: optionsOf(context, method, options, []) }),
    ),
  ]
  const withBody = (method: string) => [
    asyncHostFunction([STRING, ANY], (context, url, body) =>
      send(ask, context, { method, url, body }),
    ),
    asyncHostFunction([STRING, ANY, MAP], (context, url, body, options) =>
      send(ask, context, { method, url, body, options: optionsOf(context, method, options, []) }),
    ),
  ]
  return {
    functions: {
      get: without('GET'),
      head: without('HEAD'),
      delete: without('DELETE'),
      post: withBody('POST'),
      put: withBody('PUT'),
      patch: withBody('PATCH'),
      request: asyncHostFunction([MAP], (context, options) =>
        send(ask, context, {
          method: mapGet(options, 'method') ?? 'GET',
          url: mapGet(options, 'url'),
          options: optionsOf(context, 'request', options, ['method', 'url', 'body']),
        }),
      ),
    },
  }
}

interface Asked {
  readonly method: Value
  readonly url: Value
  readonly body?: Value
  readonly options?: RhaiMap
}

async function send(ask: CallInternal, context: CallContext, asked: Asked): Promise<Value> {
  const { options } = asked
  const content = contentOf(context, asked)
  const entries: Entry[] = [
    ['method', asked.method],
    ['url', asked.url],
  ]
  for (const name of PASSED_ON) {
    const value = options === undefined ? undefined : mapGet(options, name)
    if (name === 'headers') entries.push([name, withType(value, content?.type)])
    else if (value !== undefined) entries.push([name, value])
  }
  if (content !== undefined) entries.push(['body', content.body])
  return answerOf(context, await ask('send', context, [makeMap(entries)]))
}

function optionsOf(
  context: CallContext,
  name: string,
  options: RhaiMap,
  more: readonly string[],
): RhaiMap {
  new Options(context, `http::${name.toLowerCase()}`, options, [
    ...PASSED_ON,
    'json',
    'form',
    ...more,
  ])
  return options
}

interface Content {
  readonly body: Value
  /** Undefined where the host decides. */
  readonly type: string | undefined
}

function contentOf(context: CallContext, { body, options }: Asked): Content | undefined {
  const given: Entry[] = body === undefined ? [] : [['body', body]]
  for (const name of CONTENT) {
    const value = options === undefined ? undefined : mapGet(options, name)
    if (value !== undefined) given.push([name, value])
  }
  const [first, second] = given
  if (second !== undefined) {
    throw refusal('PIC_HTTP_BODY', 'A request has one of body, json and form.')
  }
  if (first === undefined) return undefined
  const [name, value] = first
  if (name === 'form') return formContent(context, value)
  if (name === 'json' || isMap(value) || isArray(value)) return jsonContent(context, value)
  return { body: value, type: undefined }
}

function jsonContent(context: CallContext, value: Value): Content {
  const { hostValueBytesMax } = ScriptRun.of(context).invocation.limits
  const body = toJsonText(value, { bytesMax: hostValueBytesMax })
  chargeUnits(context, body.length)
  return { body, type: 'application/json' }
}

function formContent(context: CallContext, value: Value): Content {
  if (!isMap(value)) throw refusal('PIC_HTTP_BODY', 'A form is a map.')
  const form = new URLSearchParams()
  for (const [name, values] of mapEntries(value)) {
    for (const each of isArray(values) ? arrayItems(values) : [values]) {
      if (each === undefined) continue
      const text = textOf(each) ?? (isMap(each) || isArray(each) ? undefined : toJsonText(each))
      if (text === undefined) {
        throw refusal('PIC_HTTP_BODY', 'A form has strings, numbers and bools, or arrays of them.')
      }
      chargeUnits(context, name.length + text.length + 2)
      form.append(name, text)
    }
  }
  return { body: form.toString(), type: 'application/x-www-form-urlencoded' }
}

/** A content type that the script gave is left alone. */
function withType(headers: Value, type: string | undefined): Value {
  if (type === undefined || (headers !== undefined && !isMap(headers))) return headers
  const entries = headers === undefined ? [] : [...mapEntries(headers)]
  if (entries.some(([name]) => name.toLowerCase() === 'content-type')) return headers
  return makeMap([...entries, ['content-type', type]])
}

function answerOf(context: CallContext, answer: Value): Value {
  if (!isMap(answer)) return answer
  const headers = mapGet(answer, 'headers')
  const raw = mapGet(answer, 'body')
  const type = headers !== undefined && isMap(headers) ? mapGet(headers, 'content-type') : undefined
  const bytes = raw !== undefined && isBlob(raw) ? raw.bytes : new Uint8Array(0)
  const status = mapGet(answer, 'status')
  chargeUnits(context, bytes.byteLength)
  const content = contentRead(context, typeof type === 'string' ? type : undefined, bytes, status)
  const body = content === undefined ? raw : content.value
  return ANSWER([status, headers, body, raw, mapGet(answer, 'url')])
}

/** Undefined for what stays bytes. */
function contentRead(
  context: CallContext,
  type: string | undefined,
  bytes: Uint8Array,
  status: Value,
): { readonly value: Value } | undefined {
  try {
    return parseAnswer(type, bytes, (text) => jsonValue(context, text))
  } catch (error) {
    if (!(error instanceof RequestBodyError)) throw error
    throw refusal('PIC_HTTP_ANSWER', `${error.message} Its status is ${status}.`)
  }
}
