/**
 * Whether an answer has the members its operation promises.
 *
 * Only that: members the client does not know are welcome and values are not looked into, so a
 * client goes on working with a server that has learnt more. What has another form altogether is
 * told before anything works on it.
 *
 * @module
 */
import { isObject } from './failure.ts'
import { SHAPES } from './generated/api.ts'

/** The part of the operation's table that says what it answers. */
export interface AnswerForm {
  readonly answer: string | readonly string[] | null
  /** Shape of each of the `items`. */
  readonly item?: string | readonly string[]
}

/** The members that are missing, in the answer or in its first incomplete item. */
export function missingMembers(form: AnswerForm, answer: unknown): readonly string[] {
  const missing = missingIn(form.answer ?? [], answer)
  if (missing.length > 0 || form.item === undefined) return missing
  const items = isObject(answer) ? answer.items : undefined
  if (!Array.isArray(items)) return ['items']
  for (const item of items) {
    const missingInItem = missingIn(form.item, item)
    if (missingInItem.length > 0) return missingInItem
  }
  return []
}

const MEMBERS_OF: Readonly<Record<string, readonly string[]>> = SHAPES

function missingIn(shape: string | readonly string[], value: unknown): readonly string[] {
  const members = typeof shape === 'string' ? (MEMBERS_OF[shape] ?? []) : shape
  return isObject(value) ? members.filter((member) => !(member in value)) : members
}
