/**
 * `random::`, from the system's secure generator: none of it can be guessed.
 *
 *     random::int(from, to)             INT, both included, each as likely
 *     random::float()                   FLOAT from 0.0 up to, not including, 1.0
 *     random::bool()
 *     random::text(length)              letters and digits
 *     random::text(length, alphabet)    characters of the alphabet
 *     random::choice(array)             an item; () of an empty array
 *     random::shuffle(array)            a copy in another order
 *
 * @module
 */
import { randomBytes, randomInt } from 'node:crypto'
import {
  ARRAY,
  arrayItems,
  type CallContext,
  checkStringSize,
  type HostModule,
  hostFunction,
  INT,
  makeArray,
  type RhaiArray,
  RhaiFloat,
  STRING,
} from '@picloud/rhai'
import { refusal } from '../refusal.ts'

const LETTERS_AND_DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'
/** What `randomInt` can tell apart. */
const QUICK_RANGE_MAX = 2n ** 48n - 1n
const DRAWN_RANGE = 2n ** 64n
/** A draw is two microseconds, which is more than the call that asks for it. */
const OPERATIONS_PER_DRAW = 20
/** Of an alphabet, which is taken apart. */
const OPERATIONS_PER_CHARACTER = 2

export const RANDOM_MODULE: HostModule = {
  functions: {
    int: hostFunction([INT, INT], (context, from, to) => int(context, BigInt(from), BigInt(to))),
    float: hostFunction([], (context) => {
      context.charge(OPERATIONS_PER_DRAW)
      return new RhaiFloat(Number(randomBytes(8).readBigUInt64LE() >> 11n) / 2 ** 53)
    }),
    bool: hostFunction([], (context) => {
      context.charge(OPERATIONS_PER_DRAW)
      return randomInt(2) === 1
    }),
    text: [
      hostFunction([INT], (context, length) => text(context, length, LETTERS_AND_DIGITS)),
      hostFunction([INT, STRING], text),
    ],
    choice: hostFunction([ARRAY], (context, array) => {
      context.charge(OPERATIONS_PER_DRAW + array.items.length)
      const items = arrayItems(array)
      return items.length === 0 ? undefined : items[randomInt(items.length)]
    }),
    shuffle: hostFunction([ARRAY], shuffle),
  },
}

function int(context: CallContext, from: bigint, to: bigint): number | bigint {
  context.charge(OPERATIONS_PER_DRAW)
  if (from > to) throw refusal('PIC_RANDOM_INVALID', `There is no INT from ${from} to ${to}`)
  const range = to - from + 1n
  const drawn = range <= QUICK_RANGE_MAX ? BigInt(randomInt(Number(range))) : drawBelow(range)
  const value = from + drawn
  const number = Number(value)
  return Number.isSafeInteger(number) ? number : value
}

/** Draws again what lies in the last, incomplete range, so that no number is more likely. */
function drawBelow(range: bigint): bigint {
  const whole = DRAWN_RANGE - (DRAWN_RANGE % range)
  for (;;) {
    const drawn = randomBytes(8).readBigUInt64LE()
    if (drawn < whole) return drawn % range
  }
}

function text(context: CallContext, length: number | bigint, alphabet: string): string {
  if (length < 0 || alphabet === '') {
    throw refusal('PIC_RANDOM_INVALID', 'A random text needs a length and an alphabet')
  }
  context.charge(OPERATIONS_PER_CHARACTER * alphabet.length)
  checkStringSize(context, Number(length))
  context.charge(OPERATIONS_PER_DRAW * Number(length))
  const characters = [...alphabet]
  let made = ''
  for (let i = 0; i < length; i += 1) made += characters[randomInt(characters.length)]
  checkStringSize(context, made.length)
  return made
}

/** Fisher and Yates' way: every order is as likely. */
function shuffle(context: CallContext, array: RhaiArray): RhaiArray {
  context.charge(OPERATIONS_PER_DRAW * array.items.length)
  const items = arrayItems(array)
  for (let last = items.length - 1; last > 0; last -= 1) {
    const other = randomInt(last + 1)
    const item = items[last]
    items[last] = items[other]
    items[other] = item
  }
  return makeArray(items)
}
