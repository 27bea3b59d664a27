/**
 * Reading chains: `a.b[c].d(e)?.f`.
 *
 * As in the reference, all indexes and arguments are evaluated before the base is looked at. A
 * chain is emitted from left to right in stretches that end at a method call. A stretch before a
 * method that may change its receiver goes down as *places*, so that the change reaches the
 * variable; all others just read.
 *
 * @module
 */

import { TAG } from '../../library/properties.ts'
import { nativeOverloads } from '../../library/registry.ts'
import type { ChainExpression, ChainLink, Position } from '../../parse/ast.ts'
import type { BodyContext } from '../body-context.ts'
import {
  assign,
  binary,
  conditional,
  type Expression,
  evaluate,
  identifier,
  literal,
  member,
  type Statement,
  sequence,
  tryFinally,
} from '../javascript/javascript.ts'
import { positionLiteral, RUN } from '../program-context.ts'
import { elementOf, elementPlace } from './array-elements.ts'
import {
  type Base,
  emitBase,
  emitLinkArguments,
  type LinkArguments,
  readBase,
  type VariableBase,
} from './chain-base.ts'
import { emitMethodOnStage, emitMethodOnVariable, type Stage, settled } from './method-calls.ts'
import { type Effect, effectOfMethod } from './method-effect.ts'
import { typeOfExpression } from './value-types.ts'

export interface ChainValue {
  readonly value: Expression
  /** Whether the value belongs to nobody else. */
  readonly isOwned: boolean
}

export function emitChain(body: BodyContext, node: ChainExpression, out: Statement[]): ChainValue {
  const args = emitLinkArguments(body, node, out)
  const root = emitBase(body, node.base, out)
  const finish = (stage: Stage): Stage => settled(body, stage)
  const stages = { body, links: node.links, args, base: root, endEffect: undefined, finish }
  const { value, kind } = emitStages(stages)
  const isOwned = kind === 'owned'
  if (root.kind !== 'cell' || node.base.kind === 'this' || !mayCallBack(body, node)) {
    return { value, isOwned }
  }
  return { value: emitLocked(body, root.cell, value, out), isOwned }
}

/** The chain, during which no closure may look at the variable it starts from. */
function emitLocked(
  body: BodyContext,
  cell: Expression,
  value: Expression,
  out: Statement[],
): Expression {
  const wasLocked = body.temporary()
  const result = body.temporary()
  out.push(
    evaluate(assign(wasLocked, body.program.callMachine('lock', cell))),
    tryFinally(
      [evaluate(assign(result, value))],
      [evaluate(assign(member(cell, 'isLocked'), wasLocked))],
    ),
  )
  return result
}

/** Whether a method after the first link may run a closure. The first locks its variable itself. */
function mayCallBack({ program }: BodyContext, { links }: ChainExpression): boolean {
  return links.slice(1).some((link) => {
    if (link.kind !== 'method') return false
    if (program.hasMethod(link.name, link.args.length)) return true
    if (nativeOverloads(link.name, link.args.length + 1) === undefined) return true
    return link.args.some((argument) => !isPlain(argument))
  })
}

/** Whether an expression can only give a number, a text or the like. */
function isPlain({ kind }: ChainExpression['base']): boolean {
  return kind === 'integer' || kind === 'float' || kind === 'string' || kind === 'character'
}

/** A chain, or the part of a target before its last link, and what to do at its end. */
export interface Stages {
  readonly body: BodyContext
  readonly links: readonly ChainLink[]
  readonly args: LinkArguments
  readonly base: Base
  /** What `finish` does to the value it gets; undefined when it just reads. */
  readonly endEffect: Effect | undefined
  /** The link that `finish` writes to. */
  readonly endLink?: ChainLink
  readonly finish: (stage: Stage) => Stage
}

export function emitStages(stages: Stages): Stage {
  return new StageEmitter(stages).fromBase()
}

/** Looks whether a variable holds too much, in a run that counts that. */
export function measuredAt(body: BodyContext, base: VariableBase, position: Position): Expression {
  const { program } = body
  const at = positionLiteral(position)
  const check = program.callMachine('grown', identifier(RUN), readBase(base), at)
  return conditional(isUnmetered(), literal(undefined), check)
}

/** Whether the run does not count what goes into containers. */
export function isUnmetered(): Expression {
  return binary('===', member(identifier(RUN), 'dataMeter'), literal(undefined))
}

class StageEmitter {
  readonly #stages: Stages
  readonly #body: BodyContext
  readonly #links: readonly ChainLink[]
  readonly #args: LinkArguments
  readonly #base: Base

  constructor(stages: Stages) {
    this.#stages = stages
    this.#body = stages.body
    this.#links = stages.links
    this.#args = stages.args
    this.#base = stages.base
  }

  fromBase(): Stage {
    const base = this.#base
    const [first] = this.#links
    const effect = this.#effectAhead(0)
    const isVariable = base.kind === 'local' || base.kind === 'cell'
    if (isVariable && first?.kind === 'method') {
      const optional = (result: Expression): Expression =>
        first.isOptional ? this.#unlessUnit(readBase(base), result) : result
      return this.#from(
        1,
        emitMethodOnVariable(this.#body, base, first, this.#args[0] ?? []),
        optional,
      )
    }
    if (isVariable && effect !== undefined && effect !== 'none' && base.isConstant !== true) {
      return this.#measured(base, this.#throughPlaces(base))
    }
    return this.#link(0, { value: readBase(base), kind: kindOfBase(base) })
  }

  /** A method may have put something into what the variable holds, deeper than itself. */
  #measured(base: VariableBase, stage: Stage): Stage {
    const last = this.#links.at(-1)
    if (this.#stages.endEffect !== undefined || last === undefined) return stage
    const result = this.#body.temporary()
    const value = sequence(
      assign(result, stage.value),
      measuredAt(this.#body, base, last.position),
      result,
    )
    return { value, kind: stage.kind }
  }

  /** The rest of the chain after a first method call, which may have been optional. */
  #from(next: number, value: Expression, optional: (result: Expression) => Expression): Stage {
    const rest = this.#link(next, { value, kind: 'owned' })
    return { value: optional(rest.value), kind: rest.kind }
  }

  /** The effect of the next method call from link `from` on; undefined if there is none. */
  #effectAhead(from: number): Effect | undefined {
    for (let i = from; i < this.#links.length; i++) {
      const link = this.#links[i]
      if (link?.kind === 'method') return effectOfMethod(this.#body.program, link)
    }
    return this.#stages.endEffect
  }

  /** Continues at link `position` from `stage`. */
  #link(position: number, stage: Stage): Stage {
    const link = this.#links[position]
    if (link === undefined) return this.#stages.finish(stage)
    if (link.isOptional) return this.#optional(position, link, stage)
    return this.#link(position + 1, this.#step(position, link, stage))
  }

  #optional(position: number, link: ChainLink, stage: Stage): Stage {
    const temporary = this.#body.temporary()
    const held: Stage = { value: temporary, kind: stage.kind }
    const looked = assign(temporary, stage.value)
    const tested =
      stage.kind === 'place' ? this.#body.program.callMachine('valueAt', looked) : looked
    const rest = this.#link(position + 1, this.#step(position, link, held))
    return { value: this.#unlessUnit(tested, rest.value), kind: rest.kind }
  }

  #unlessUnit(tested: Expression, result: Expression): Expression {
    return conditional(this.#body.program.isUnit(tested), literal(undefined), result)
  }

  #step(position: number, link: ChainLink, stage: Stage): Stage {
    const { program } = this.#body
    const effect = this.#effectAhead(position)
    const canBePlace = stage.kind === 'place' || stage.kind === 'owned'
    const isPlace = canBePlace && effect !== undefined && effect !== 'none'
    switch (link.kind) {
      case 'property': {
        const name = isPlace ? 'propertyPlace' : 'property'
        const value = program.callMachine(name, program.propertySite(link), stage.value)
        return { value, kind: isPlace ? 'place' : partOf(stage) }
      }
      case 'index': {
        const [key = literal(undefined)] = this.#args[position] ?? []
        const run = identifier(RUN)
        const at = positionLiteral(link.position)
        const operatorAt = positionLiteral(link.operatorPosition)
        const typed = { value: key, type: typeOfExpression(link.index, this.#body) }
        if (isPlace) {
          const value = elementPlace(this.#body, stage.value, typed, () =>
            program.callMachine('indexPlace', run, stage.value, key, at, operatorAt),
          )
          return { value, kind: 'place' }
        }
        const general = (receiver: Expression, held: Expression): Expression =>
          program.callMachine('index', run, receiver, held, at, operatorAt)
        const value = elementOf(this.#body, stage.value, typed, general)
        return { value, kind: partOf(stage) }
      }
      case 'method':
        return {
          value: emitMethodOnStage(this.#body, stage, link, this.#args[position] ?? []),
          kind: 'owned',
        }
    }
  }

  /** A chain from a variable to a method that may change what it is called on. */
  #throughPlaces(base: VariableBase): Stage {
    const body = this.#body
    const variable = base.kind === 'local' ? base.variable : member(base.cell, 'value')
    const first = this.#links[0] ?? this.#stages.endLink
    if (first === undefined || (first.kind !== 'index' && !isTag(first))) {
      return this.#link(0, { value: variable, kind: 'place' })
    }
    body.writes += 1
    const place = body.temporary()
    const result = body.temporary()
    const rest = this.#link(0, { value: place, kind: 'place' })
    const value = sequence(
      assign(place, body.program.callMachine('placeOf', variable)),
      assign(result, rest.value),
      assign(variable, body.program.callMachine('valueAt', place)),
      result,
    )
    return { value, kind: rest.kind }
  }
}

/** The tag of a value is the one property that is no part of a map. */
export function isTag(link: ChainLink): boolean {
  return link.kind === 'property' && link.name === TAG
}

function kindOfBase(base: Base): Stage['kind'] {
  if (base.kind === 'value') return 'owned'
  return base.kind === 'constant' || base.isConstant === true ? 'constant' : 'borrowed'
}

function partOf(stage: Stage): Stage['kind'] {
  return stage.kind === 'constant' ? 'constant' : 'borrowed'
}
