/**
 * Writing numbers where they lie: `a[i].x -= 1.5`, `rows[i][j] = 0.0`.
 *
 * A path from a variable through arrays and maps that nobody shares, to an element or a property
 * that is there, needs no places: each container is tested on the way, and the number is put into the
 * last one. Everything else takes the way through the machine.
 *
 * What is there already may be text or a container, which `+=` makes longer. Then, and in no other
 * case, the container and the variable may hold more than before.
 *
 * @module
 */

import type { ChainLink } from '../../parse/ast.ts'
import type { BodyContext } from '../body-context.ts'
import { canBePosition, isOwnElement, type Key } from '../expression/array-elements.ts'
import type { Base, LinkArguments } from '../expression/chain-base.ts'
import { isTag } from '../expression/chains.ts'
import { boxed, type Operand, unknown } from '../expression/operand.ts'
import { isRepeatable } from '../expression/operands.ts'
import { isIntegerType, typeOfExpression } from '../expression/value-types.ts'
import {
  assign,
  binary,
  both,
  type Expression,
  either,
  evaluate,
  identifier,
  literal,
  member,
  memberAt,
  not,
  type Statement,
  sequence,
  unary,
} from '../javascript/javascript.ts'
import { positionLiteral, RUN } from '../program-context.ts'
import { type Write, written } from './write.ts'

/** A container on the way, and what lies in it. */
interface Step {
  readonly test: Expression
  readonly place: Expression
}

/** A write in place, and whether it can be done. */
export interface DirectWrite {
  readonly test: Expression
  readonly statements: readonly Statement[]
}

/** Undefined for targets and values that have no short way, or one already: `a[i] = 1`. */
export function directWrite(
  body: BodyContext,
  base: Base,
  links: readonly ChainLink[],
  args: LinkArguments,
  write: Write,
): DirectWrite | undefined {
  if (base.kind !== 'local' || base.isConstant || !isNumeric(write)) return undefined
  const isElement = links.length === 1 && links[0]?.kind === 'index'
  if (isElement && write.operator === undefined) return undefined
  const last = links.at(-1)
  let owner = base.variable
  let tests: Expression | undefined
  let place: Expression | undefined
  for (const [position, link] of links.entries()) {
    const held = place === undefined ? undefined : body.temporary()
    const step = stepOf(body, held ?? owner, link, args[position]?.[0])
    if (step === undefined) return undefined
    const test =
      held === undefined || place === undefined
        ? step.test
        : sequence(assign(held, place), step.test)
    tests = tests === undefined ? test : both(tests, test)
    owner = held ?? owner
    place = step.place
  }
  if (last === undefined || tests === undefined || place === undefined) return undefined
  const statements = putting(body, place, write, (value, replaced) => {
    const at = positionLiteral(last.position)
    const run = identifier(RUN)
    return body.program.callMachine('grownBy', run, base.variable, owner, value, replaced, at)
  })
  return { test: tests, statements }
}

type Growth = (value: Expression, replaced: Expression) => Expression

function putting(body: BodyContext, place: Expression, write: Write, growth: Growth): Statement[] {
  if (write.operator === undefined) return [evaluate(assign(place, boxed(body, write.value)))]
  const current = body.temporary()
  const value = boxed(
    body,
    written(body, write, () => unknown(current)),
  )
  const read = evaluate(assign(current, place))
  if (write.operator !== '+=') return [read, evaluate(assign(place, value))]
  const sum = body.temporary()
  return [
    read,
    evaluate(assign(sum, value)),
    evaluate(assign(place, sum)),
    evaluate(either(isPlainNumber(body, sum), growth(sum, current))),
  ]
}

function isPlainNumber(body: BodyContext, value: Expression): Expression {
  const isInt = binary('===', unary('typeof ', value), literal('number'))
  return either(isInt, binary('instanceof', value, body.program.use('Float')))
}

function stepOf(
  body: BodyContext,
  owner: Expression,
  link: ChainLink,
  key: Expression | undefined,
): Step | undefined {
  if (link.kind === 'method' || link.isOptional || isTag(link)) return undefined
  if (link.kind === 'property') return propertyStep(body, owner, body.program.propertySite(link))
  if (key === undefined || !isRepeatable(key)) return undefined
  const position: Key = { value: key, type: typeOfExpression(link.index, body) }
  if (!canBePosition(position)) return undefined
  return {
    test: isOwnElement(body, owner, position),
    place: memberAt(member(owner, 'items'), key),
  }
}

function propertyStep(body: BodyContext, owner: Expression, site: Expression): Step {
  const tests = [
    not(member(owner, 'shared')),
    binary('===', member(owner, 'shape'), member(site, 'shape')),
    binary('>', member(site, 'position'), literal(0)),
  ]
  const isMap = binary('instanceof', owner, body.program.use('RhaiMap'))
  return {
    test: tests.reduce(both, isMap),
    place: memberAt(member(owner, 'slots'), member(site, 'position')),
  }
}

const ARITHMETIC: ReadonlySet<string> = new Set(['+=', '-=', '*=', '/=', '%='])

/** Whether what is written is likely a number. */
function isNumeric({ operator, value }: Write): boolean {
  if (operator === undefined) return isNumber(value)
  return ARITHMETIC.has(operator) && (value.type === 'unknown' || isNumber(value))
}

function isNumber({ type }: Operand): boolean {
  return type === 'double' || type === 'float' || type === 'boolean' || isIntegerType(type)
}
