/**
 * `jwt::`, JSON Web Tokens (RFC 7519) as signed compact texts (RFC 7515 section 7.1).
 *
 *     jwt::sign(claims, key, algorithm)             string
 *     jwt::sign(claims, key, algorithm, options)    #{ expires_in, key_id }
 *     jwt::verify(token, key, algorithms)           the claims, checked
 *     jwt::verify(token, key, algorithms, options)  #{ audience, issuer, subject, leeway, max_age }
 *     jwt::read_unverified(token)                   #{ header, claims }
 *
 * Which algorithms are good is said by who verifies, never by the token (RFC 8725 section 3.1).
 *
 * @module
 */
import {
  ARRAY,
  arrayItems,
  BLOB,
  type CallContext,
  type HostFunction,
  type HostModule,
  hostFunction,
  isMap,
  MAP,
  makeMap,
  mapEntries,
  mapGet,
  type RhaiArray,
  RhaiError,
  type RhaiMap,
  STRING,
  toJsonText,
  type Value,
} from '@picloud/rhai'
import { chargeUnits } from '../../charge.ts'
import { quoted } from '../../quoted.ts'
import { refusal, refusedBecause } from '../../refusal.ts'
import { jsonValue } from '../json/json-value.ts'
import { Options } from '../options.ts'
import { ALGORITHMS, type Key } from './algorithms.ts'
import { checkClaims, checkSignable, expectedOf } from './claims.ts'

/** No header of HTTP holds a longer one. */
const TOKEN_UNITS_MAX = 65_536
/** Claims that were checked have no longer text, even if every character has to be escaped. */
const JSON_BYTES_MAX = 16 * TOKEN_UNITS_MAX
/** Of a name in a message. */
const NAME_UNITS_SHOWN = 20
const TOKEN = /^([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]*)\.([A-Za-z0-9_-]*)$/
const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

interface Token {
  readonly header: RhaiMap
  /** The part that holds them. */
  readonly claims: string
  /** What is signed. */
  readonly input: Buffer
  readonly signature: Buffer
}

export const JWT_MODULE: HostModule = {
  functions: {
    sign: [
      ...ofKeys((key) =>
        hostFunction([MAP, key, STRING], (context, claims, given, algorithm) =>
          signed(context, claims, given, algorithm, undefined),
        ),
      ),
      ...ofKeys((key) => hostFunction([MAP, key, STRING, MAP], signed)),
    ],
    verify: [
      ...ofKeys((key) =>
        hostFunction([STRING, key, STRING], (context, token, given, algorithm) =>
          verified(context, token, given, [algorithm], undefined),
        ),
      ),
      ...ofKeys((key) =>
        hostFunction([STRING, key, STRING, MAP], (context, token, given, algorithm, options) =>
          verified(context, token, given, [algorithm], options),
        ),
      ),
      ...ofKeys((key) =>
        hostFunction([STRING, key, ARRAY], (context, token, given, algorithms) =>
          verified(context, token, given, namesIn(algorithms), undefined),
        ),
      ),
      ...ofKeys((key) =>
        hostFunction([STRING, key, ARRAY, MAP], (context, token, given, algorithms, options) =>
          verified(context, token, given, namesIn(algorithms), options),
        ),
      ),
    ],
    read_unverified: hostFunction([STRING], (context, token) => {
      const { header, claims } = parts(context, token)
      return makeMap([
        ['header', header],
        ['claims', mapIn(context, claims)],
      ])
    }),
  },
}

/** The same function for each kind of key. */
function ofKeys(
  declare: (key: typeof STRING | typeof BLOB | typeof MAP) => HostFunction,
): readonly HostFunction[] {
  return [declare(STRING), declare(BLOB), declare(MAP)]
}

function signed(
  context: CallContext,
  claims: RhaiMap,
  key: Key,
  algorithm: string,
  map: RhaiMap | undefined,
): string {
  const options = new Options(context, 'jwt::sign', map, ['expires_in', 'key_id'])
  const expiresIn = options.int('expires_in', 0, 2 ** 40)
  const keyId = options.text('key_id')
  const signer = signerOf(context, algorithm)
  checkSignable(context, claims)
  const header = makeMap([
    ['alg', algorithm],
    ['typ', 'JWT'],
    ...(keyId === undefined ? [] : ([['kid', keyId]] as const)),
  ])
  const now = Math.floor(Date.now() / 1000)
  const all =
    expiresIn === undefined
      ? claims
      : makeMap([...mapEntries(claims), ['iat', now], ['exp', now + expiresIn]])
  const text = `${part(context, header)}.${part(context, all)}`
  const signature = signer.sign(context, key, Buffer.from(text, 'latin1'))
  const token = `${text}.${signature.toString('base64url')}`
  if (token.length > TOKEN_UNITS_MAX) throw malformed('The token would be too long to be verified')
  return token
}

function part(context: CallContext, map: RhaiMap): string {
  const text = toJsonText(map, { bytesMax: JSON_BYTES_MAX })
  chargeUnits(context, text.length)
  return Buffer.from(text, 'utf8').toString('base64url')
}

function verified(
  context: CallContext,
  text: string,
  key: Key,
  algorithms: readonly string[],
  map: RhaiMap | undefined,
): RhaiMap {
  const expected = expectedOf(context, map)
  // Before the token has its say: a mistyped name must not show only when such a token comes.
  for (const name of algorithms) signerOf(context, name)
  const { header, claims, input, signature } = parts(context, text)
  const algorithm = mapGet(header, 'alg')
  if (typeof algorithm !== 'string' || !algorithms.includes(algorithm)) {
    throw refusal('PIC_JWT_ALGORITHM', 'The token is not signed with an algorithm that is accepted')
  }
  if (mapGet(header, 'crit') !== undefined) {
    throw malformed('The token asks for extensions that are not known')
  }
  if (!signerOf(context, algorithm).verify(context, key, input, signature)) {
    throw refusal('PIC_JWT_SIGNATURE', 'The signature of the token is wrong')
  }
  // Not before: what a forger wrote is not even read.
  const read = mapIn(context, claims)
  checkClaims(read, expected, Date.now() / 1000)
  return read
}

function signerOf(context: CallContext, algorithm: string) {
  const signer = ALGORITHMS.get(algorithm)
  if (signer !== undefined) return signer
  const known = [...ALGORITHMS.keys()].join(', ')
  throw refusal(
    'PIC_JWT_ALGORITHM',
    `${JSON.stringify(quoted(context, algorithm, NAME_UNITS_SHOWN))} is no algorithm that is known: ${known}`,
  )
}

function namesIn(array: RhaiArray): readonly string[] {
  if (array.items.length > ALGORITHMS.size) {
    throw refusal('PIC_JWT_ALGORITHM', 'The list of algorithms is longer than there are any')
  }
  return arrayItems(array).map((item) => {
    if (typeof item === 'string') return item
    throw refusal('PIC_JWT_ALGORITHM', 'The algorithms are no list of strings')
  })
}

function parts(context: CallContext, text: string): Token {
  if (text.length > TOKEN_UNITS_MAX) throw malformed()
  chargeUnits(context, text.length, 3)
  const [, header, claims, signature] = TOKEN.exec(text) ?? []
  if (header === undefined || claims === undefined || signature === undefined) throw malformed()
  const bytes = Buffer.from(signature, 'base64url')
  // Header and claims are signed as they are written; of a signature there is one form only, too.
  if (bytes.toString('base64url') !== signature) throw malformed()
  return {
    header: mapIn(context, header),
    claims,
    input: Buffer.from(text.slice(0, text.lastIndexOf('.')), 'latin1'),
    signature: bytes,
  }
}

function mapIn(context: CallContext, encoded: string): RhaiMap {
  let value: Value
  try {
    value = jsonValue(context, UTF8.decode(Buffer.from(encoded, 'base64url')))
  } catch (error) {
    const isOfJson = refusedBecause(error) !== undefined
    if (error instanceof RhaiError && !isOfJson) throw error
    throw malformed()
  }
  if (isMap(value)) return value
  throw malformed()
}

function malformed(message = 'The text is no JSON Web Token') {
  return refusal('PIC_JWT_MALFORMED', message)
}
