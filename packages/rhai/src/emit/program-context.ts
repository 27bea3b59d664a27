/**
 * What the whole emitted program shares: imported names, hoisted constants, functions.
 *
 * @module
 */

import type { FunctionUnit } from '../analyse/unit.ts'
import type { Waiting } from '../analyse/waiting.ts'
import type { Host } from '../host/host.ts'
import type { OwnLoop } from '../machine/call/function-table.ts'
import { type PackedPosition, packPosition } from '../machine/error/failure.ts'
import type { Machine, MachineName } from '../machine/machine.ts'
import type { ClosureExpression, MethodLink, Position, PropertyLink } from '../parse/ast.ts'
import {
  array,
  call,
  declareConst,
  type Expression,
  identifier,
  literal,
  member,
  type Statement,
} from './javascript/javascript.ts'
import { NameSource } from './javascript/names.ts'

/** What a script can rely on that is not in its text. */
export interface Surroundings {
  readonly host: Host
  /** Variables the host provides: read-only, seen everywhere. */
  readonly globals: ReadonlySet<string>
  /** What is emitted in the asynchronous form. */
  readonly waiting: Waiting
  /** For the text of an `eval`. */
  readonly text?: TextSurroundings
}

/** What the text of an `eval` can rely on. */
export interface TextSurroundings {
  /** Script functions defined around it. */
  readonly hasFunction: (name: string, arity: number | undefined) => boolean
  /** It is evaluated at the global level, so its constants are the script's. */
  readonly isGlobal: boolean
}

/** The emitted names of a script function. */
export interface EmittedFunction {
  readonly unit: FunctionUnit
  readonly name: string
  /** The variant that runs among the variables of its caller. */
  readonly amongName: string | undefined
}

/** The parameters of the emitted program. */
export const MACHINE = 'machine'
export const RUN = 'run'
export const MODULE = 'module'

/** What the script has imported where it is now. */
export const IMPORTS = member(identifier(MODULE), 'imports')
/** What messages call the script. */
export const SOURCE = member(identifier(MODULE), 'source')

/** What the text of a script says about all of it. */
export interface ProgramTraits {
  /** There is an `import`: what is visible behind `::` changes while the script runs. */
  readonly imports: boolean
  /** There is an `eval`, whose text can do what no one sees here. */
  readonly evaluates: boolean
  /** Functions or closures are defined: constants are kept for them. */
  readonly hasFunctions: boolean
}

export class ProgramContext {
  readonly names = new NameSource()
  readonly surroundings: Surroundings
  readonly traits: ProgramTraits
  readonly functions: readonly EmittedFunction[]
  /** The closures that bring a loop of their own along. */
  readonly walks = new Map<ClosureExpression, OwnLoop['kind']>()
  /** The most variables that one call of a function can have in scope. */
  variablesMost = 0
  readonly #uses = new Set<MachineName>()
  readonly #hoisted: Statement[] = []
  readonly #constants = new Map<string, Expression>()
  readonly #propertySites = new Map<PropertyLink | MethodLink, Expression>()
  readonly #globalConstants = new Map<string, string>()
  readonly #plainFunctions = new Map<string, EmittedFunction>()
  readonly #signatures = new Set<string>()
  readonly #plainNames = new Set<string>()

  constructor(units: readonly FunctionUnit[], surroundings: Surroundings, traits: ProgramTraits) {
    this.surroundings = surroundings
    this.traits = traits
    this.functions = units.map((unit) => ({
      unit,
      name: this.names.fresh(unit.definition.name),
      amongName: unit.amongCallers && this.names.fresh(unit.definition.name),
    }))
    for (const each of this.functions) this.#note(each)
  }

  /** A function of the machine. */
  use<Name extends MachineName>(name: Name): Expression {
    this.#uses.add(name)
    return identifier(name)
  }

  /** A call of a function of the machine. */
  callMachine(name: MachineName & keyof Machine, ...args: Expression[]): Expression {
    return call(this.use(name), ...args)
  }

  /** A value made once for the program; equal keys share it. */
  constant(key: string, readable: string, make: () => Expression): Expression {
    const existing = this.#constants.get(key)
    if (existing !== undefined) return existing
    const made = this.hoist(readable, make())
    this.#constants.set(key, made)
    return made
  }

  /** A value made once for the program, for this use only. */
  hoist(readable: string, value: Expression): Expression {
    const name = this.names.fresh(readable)
    this.#hoisted.push(declareConst(name, value))
    return identifier(name)
  }

  float(value: number): Expression {
    return this.constant(`float ${Object.is(value, -0) ? '-0' : value}`, 'float', () => {
      if (Number.isNaN(value)) return this.callMachine('nan')
      if (value === Number.POSITIVE_INFINITY) return this.callMachine('infinity')
      return this.callMachine('float', literal(value))
    })
  }

  char(text: string): Expression {
    return this.constant(`char ${text}`, 'char', () => this.callMachine('char', literal(text)))
  }

  /** Where a script names a property; all code for one place shares what it remembers. */
  propertySite(link: PropertyLink | MethodLink): Expression {
    const existing = this.#propertySites.get(link)
    if (existing !== undefined) return existing
    const { name, position } = link
    const at = positionLiteral(position)
    const made = this.callMachine('propertySite', identifier(RUN), literal(name), at)
    const site = this.hoist(name, made)
    this.#propertySites.set(link, site)
    return site
  }

  /** Where a script writes a map. */
  literalSite(names: readonly string[], position: Position): Expression {
    const keys = array(names.map((name) => literal(name)))
    const at = positionLiteral(position)
    return this.hoist('map', this.callMachine('literalSite', identifier(RUN), keys, at))
  }

  /** Whether a value is `()`. */
  isUnit(value: Expression): Expression {
    return this.callMachine('isUnit', value)
  }

  group(name: string, arity: number): Expression {
    return this.constant(`group ${name}/${arity}`, 'group', () =>
      this.callMachine('group', identifier(MODULE), literal(name), literal(arity)),
    )
  }

  /** The function a plain call means. */
  findFunction(name: string, arity: number): EmittedFunction | undefined {
    return this.#plainFunctions.get(signatureOf(name, arity))
  }

  /** Whether a method call may mean a script function. */
  hasMethod(name: string, arity: number): boolean {
    return this.#signatures.has(signatureOf(name, arity)) || this.hasOuterFunction(name, arity)
  }

  /** Whether a method call can mean anything but the library's function. */
  isReplaced(name: string, arity: number): boolean {
    return this.hasMethod(name, arity) || this.surroundings.host.declares(name, arity + 1)
  }

  /** Whether a bare name can mean a function. */
  isFunctionName(name: string): boolean {
    return this.#plainNames.has(name) || this.hasOuterFunction(name, undefined)
  }

  hasOuterFunction(name: string, arity: number | undefined): boolean {
    return this.surroundings.text?.hasFunction(name, arity) ?? false
  }

  /** Imports may come and go. */
  get mayImport(): boolean {
    return this.traits.imports || this.traits.evaluates || this.surroundings.text !== undefined
  }

  /** Constants are found by name, because an `eval` may look for them or declare some. */
  get keepsConstantsByName(): boolean {
    return this.traits.evaluates || this.surroundings.text !== undefined
  }

  /** The variable that holds `global::NAME`. */
  globalConstant(name: string): Expression {
    const existing = this.#globalConstants.get(name)
    if (existing !== undefined) return identifier(existing)
    const fresh = this.names.fresh(name)
    this.#globalConstants.set(name, fresh)
    return identifier(fresh)
  }

  get globalConstants(): readonly string[] {
    return [...this.#globalConstants.values()]
  }

  hasGlobalConstant(name: string): boolean {
    return this.#globalConstants.has(name)
  }

  get imports(): readonly Statement[] {
    return [...this.#uses].map((name) => declareConst(name, member(identifier(MACHINE), name)))
  }

  get hoisted(): readonly Statement[] {
    return this.#hoisted
  }

  /** Of two functions with one signature the first is meant. */
  #note(emitted: EmittedFunction): void {
    const { name, params, thisType } = emitted.unit.definition
    const signature = signatureOf(name, params.length)
    this.#signatures.add(signature)
    if (thisType !== undefined) return
    this.#plainNames.add(name)
    if (!this.#plainFunctions.has(signature)) this.#plainFunctions.set(signature, emitted)
  }
}

const signatureOf = (name: string, arity: number): string => `${name}/${arity}`

export function positionLiteral(position: Position): Expression {
  const packed: PackedPosition = packPosition(position)
  return literal(packed)
}

/** `run.left -= cost; if it is below zero, run.overdrawn(at)`, as one statement's test. */
export const runField = (name: 'left' | 'depthMax' | 'variablesMax' | 'overdrawn'): Expression =>
  member(identifier(RUN), name)
