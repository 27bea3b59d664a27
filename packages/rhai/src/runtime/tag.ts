/**
 * Tags: the number a script can put on any value.
 *
 * A tag moves with its value and is no part of it: it is neither compared nor shown. Zero is no tag.
 * Containers are changed in place and carry their tag in their handle; any other value is put into a
 * `Tagged`, so that a value without tag costs nothing.
 *
 * @module
 */
import { arithmeticError } from './raise.ts'
import { type Int, isContainer, type Scalar, Tagged, type Value } from './value.ts'

const TAG_MIN = -(2 ** 31)
const TAG_MAX = 2 ** 31 - 1

export function tagOf(value: Value): number {
  return value instanceof Tagged || isContainer(value) ? value.tag : 0
}

/**
 * Gives a value a tag, and answers what its place holds then: the same handle for a container, for
 * any other another value. @throws RhaiError `ErrorArithmetic`
 */
export function setTag(value: Value, tag: Int): Value {
  const fitting = fit(tag)
  if (!isContainer(value)) return tagged(value instanceof Tagged ? value.value : value, fitting)
  value.tag = fitting
  return value
}

/** What a place holds after its value `before` was changed into `after`, which keeps the tag. */
export function keepTag(before: Value, after: Value): Value {
  return before instanceof Tagged && !(after instanceof Tagged) && !isContainer(after)
    ? tagged(after, before.tag)
    : after
}

function tagged(value: Scalar, tag: number): Value {
  return tag === 0 ? value : new Tagged(value, tag)
}

function fit(tag: Int): number {
  const limit = tag < TAG_MIN ? 'small' : tag > TAG_MAX ? 'large' : undefined
  if (limit === undefined) return Number(tag)
  const bounds = `must be between ${TAG_MIN} and ${TAG_MAX}`
  throw arithmeticError(`${tag} is too ${limit} to fit into a tag (${bounds})`)
}
