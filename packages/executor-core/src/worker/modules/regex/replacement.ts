/**
 * What stands in for each match: text in which `$1`, `${1}` and `${name}` are groups, and `$$` a
 * dollar. A dollar before anything else is an error rather than a guess.
 *
 * @module
 */
import type { CallContext } from '@picloud/rhai'
import { chargeUnits } from '../../charge.ts'
import { refusal } from '../../refusal.ts'
import { groupText } from './matches.ts'
import type { Offsets, PatternProgram } from './program.ts'

/** Literal text, or the number of a group. */
type Part = string | number

const REFERENCE = /\$(?:(\$)|(\d{1,3})|\{([A-Za-z_0-9]+)\})?/g

export class Replacement {
  readonly #parts: readonly Part[]

  /** @throws RhaiError `PIC_REGEX_REPLACEMENT` for groups that the pattern does not have */
  constructor(context: CallContext, program: PatternProgram, text: string) {
    chargeUnits(context, text.length, 4)
    this.#parts = partsOf(program, text)
  }

  /** Whether it needs to know where groups are. */
  get usesGroups(): boolean {
    return this.#parts.some((part) => typeof part === 'number' && part > 0)
  }

  /** What takes the place of a match, piece by piece. */
  *pieces(context: CallContext, text: string, offsets: Offsets): Generator<string> {
    for (const part of this.#parts) {
      context.charge(1)
      yield typeof part === 'string' ? part : (groupText(text, offsets, part) ?? '')
    }
  }
}

function partsOf(program: PatternProgram, text: string): readonly Part[] {
  const parts: Part[] = []
  let from = 0
  for (const reference of text.matchAll(REFERENCE)) {
    const [whole, dollar, number, name] = reference
    if (reference.index > from) parts.push(text.slice(from, reference.index))
    from = reference.index + whole.length
    if (whole === '$') throw refused('a dollar that is no reference is written $$')
    parts.push(dollar ?? groupOf(program, number ?? name ?? ''))
  }
  if (from < text.length) parts.push(text.slice(from))
  return parts
}

function groupOf({ groupCount, names }: PatternProgram, reference: string): number {
  const number = /^\d+$/.test(reference)
    ? Number(reference)
    : names.find(([name]) => name === reference)?.[1]
  if (number !== undefined && number <= groupCount) return number
  throw refused(`the pattern has no group ${reference}`)
}

function refused(why: string): unknown {
  return refusal('PIC_REGEX_REPLACEMENT', `The replacement is not valid: ${why}`)
}
