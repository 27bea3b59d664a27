/**
 * Reads a JSON body strictly: UTF-8 (RFC 8259 section 8.1), one value, no keys that would reach an
 * object's prototype. Bytes that are not UTF-8 are refused, not replaced: a script is stored as it
 * was sent.
 *
 * @module
 */
import type { FastifyInstance } from 'fastify'
import { BodyMalformedError, RequestInvalidError } from '../errors/requests.ts'

/** A JSON string may need two bytes for each of the source's: `"`, `\` and line ends. */
const ESCAPED_BYTES_PER_BYTE = 2
const OTHER_MEMBERS_BYTES = 16_384

/** How large a body must be allowed to be for a source of the limit to fit into it. */
export function apiBodyBytesMax(sourceBytesMax: number): number {
  return sourceBytesMax * ESCAPED_BYTES_PER_BYTE + OTHER_MEMBERS_BYTES
}

export function acceptJsonOnly(server: FastifyInstance): void {
  const parse = server.getDefaultJsonParser('error', 'error')
  server.removeAllContentTypeParsers()
  server.addContentTypeParser(
    'application/json',
    { parseAs: 'buffer' },
    (request, bytes: Buffer, done) => {
      if (bytes.length === 0) {
        // DELETE and the like are sent with the header and nothing else by many clients.
        done(null, undefined)
        return
      }
      const text = decode(bytes)
      if (text === null) {
        done(new BodyMalformedError('The body is not valid UTF-8.'), undefined)
        return
      }
      parse(request, text, (error, value) => {
        if (error === null) done(null, value)
        else done(malformed(text, error), undefined)
      })
    },
  )
}

function decode(bytes: Buffer): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    // The only error a fatal decoder has: these bytes are not UTF-8.
    return null
  }
}

/** The framework's parser tells its two refusals apart by nothing but having parsed the text. */
function malformed(text: string, cause: unknown): Error {
  try {
    JSON.parse(text)
  } catch (syntax) {
    const detail = withoutQuote(syntax instanceof Error ? syntax.message : String(syntax))
    return new BodyMalformedError(`The body is not valid JSON: ${detail}`, cause)
  }
  const message = 'The member names __proto__ and constructor.prototype are refused.'
  return new RequestInvalidError([{ pointer: '', message }])
}

/** V8 quotes what is around the mistake, which may be part of a password or a secret. */
function withoutQuote(message: string): string {
  return message.replace(/, (?:\.{3})?".*"(?:\.{3})? is not valid JSON$/s, '')
}
