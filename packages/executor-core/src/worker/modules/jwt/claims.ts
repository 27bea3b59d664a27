/**
 * What claims can be signed, and what is checked of them when the signature is right (RFC 7519
 * section 4.1).
 *
 * @module
 */
import {
  arrayItems,
  type CallContext,
  isArray,
  isMap,
  mapEntries,
  mapGet,
  mapSize,
  RhaiChar,
  RhaiFloat,
  type RhaiMap,
  typeName,
  type Value,
} from '@picloud/rhai'
import { chargeUnits } from '../../charge.ts'
import { refusal } from '../../refusal.ts'
import { Options } from '../options.ts'

const OPTIONS = ['audience', 'issuer', 'subject', 'leeway', 'max_age'] as const
const LEEWAY_MAX = 3600
const AGE_MAX = 2 ** 31
const DEPTH_MAX = 50
/** A token has hardly room for more. It bounds the walk over what is shared many times. */
const ITEMS_MAX = 8192
const UNITS_MAX = 65_536
/** To walk, sort and write one. */
const OPERATIONS_PER_ITEM = 16

export interface Expected {
  readonly audience: string | undefined
  readonly issuer: string | undefined
  readonly subject: string | undefined
  /** Seconds by which clocks may differ. */
  readonly leeway: number
  /** Seconds since it was issued, at most. */
  readonly maxAge: number | undefined
}

/** @throws RhaiError `PIC_OPTION_INVALID` */
export function expectedOf(context: CallContext, map: RhaiMap | undefined): Expected {
  const options = new Options(context, 'jwt::verify', map, OPTIONS)
  return {
    audience: options.text('audience'),
    issuer: options.text('issuer'),
    subject: options.text('subject'),
    leeway: options.int('leeway', 0, LEEWAY_MAX) ?? 0,
    maxAge: options.int('max_age', 0, AGE_MAX),
  }
}

/**
 * @param now seconds since the epoch
 * @throws RhaiError `PIC_JWT_EXPIRED`, `PIC_JWT_EARLY`, `PIC_JWT_CLAIM`
 */
export function checkClaims(claims: RhaiMap, expected: Expected, now: number): void {
  const { leeway, maxAge } = expected
  const expiresAt = timeIn(claims, 'exp')
  if (expiresAt !== undefined && now >= expiresAt + leeway) throw expired('The token has expired')
  const begins = timeIn(claims, 'nbf')
  if (begins !== undefined && now < begins - leeway) {
    throw refusal('PIC_JWT_EARLY', 'The token is not valid yet')
  }
  const issuedAt = timeIn(claims, 'iat')
  if (maxAge !== undefined) {
    if (issuedAt === undefined) throw wrong('The token does not say when it was issued')
    if (now < issuedAt - leeway) {
      throw refusal('PIC_JWT_EARLY', 'The token was issued in the future')
    }
    if (now > issuedAt + maxAge + leeway) throw expired('The token is too old')
  }
  checkText(claims, 'iss', expected.issuer)
  checkText(claims, 'sub', expected.subject)
  if (expected.audience !== undefined && !audiencesOf(claims).includes(expected.audience)) {
    throw wrong('The token is for another audience')
  }
}

/**
 * Before they are written: nothing that would be read as something else, and no more than a token
 * has room for.
 *
 * @throws RhaiError `PIC_JWT_CLAIM`
 */
export function checkSignable(context: CallContext, claims: RhaiMap): void {
  for (const name of ['exp', 'nbf', 'iat']) timeIn(claims, name)
  let items = 0
  let units = 0
  const take = (moreItems: number, moreUnits: number) => {
    items += moreItems
    units += moreUnits
    if (items > ITEMS_MAX || units > UNITS_MAX) throw wrong('The claims are too long for a token')
    context.charge(moreItems * OPERATIONS_PER_ITEM)
    chargeUnits(context, moreUnits, 3)
  }
  const check = (value: Value, depth: number): void => {
    if (depth > DEPTH_MAX) throw wrong(`The claims nest deeper than ${DEPTH_MAX} levels`)
    if (typeof value === 'string') {
      take(0, value.length)
    } else if (isMap(value)) {
      take(mapSize(value), 0)
      for (const [key, item] of mapEntries(value)) {
        take(0, key.length)
        check(item, depth + 1)
      }
    } else if (isArray(value)) {
      take(value.items.length, 0)
      for (const item of arrayItems(value)) check(item, depth + 1)
    } else if (!isExactInJson(value)) {
      throw wrong(`A claim is ${typeName(value)}, which JSON has not`)
    }
  }
  check(claims, 1)
}

function isExactInJson(value: Value): boolean {
  if (value instanceof RhaiFloat) return Number.isFinite(value.value)
  return typeof value !== 'object' || value instanceof RhaiChar
}

function checkText(claims: RhaiMap, name: string, expected: string | undefined): void {
  if (expected !== undefined && mapGet(claims, name) !== expected) {
    throw wrong(`The claim ${name} of the token is another one`)
  }
}

/** Seconds since the epoch. */
function timeIn(claims: RhaiMap, name: string): number | undefined {
  const value = mapGet(claims, name)
  if (value === undefined) return undefined
  if (typeof value === 'number' || typeof value === 'bigint') return Number(value)
  if (value instanceof RhaiFloat && Number.isFinite(value.value)) return value.value
  throw wrong(`The claim ${name} of the token is no time`)
}

/** One or several (RFC 7519 section 4.1.3). */
function audiencesOf(claims: RhaiMap): readonly unknown[] {
  const value = mapGet(claims, 'aud')
  if (value === undefined) return []
  return isArray(value) ? arrayItems(value) : [value]
}

function wrong(message: string) {
  return refusal('PIC_JWT_CLAIM', message)
}

function expired(message: string) {
  return refusal('PIC_JWT_EXPIRED', message)
}
