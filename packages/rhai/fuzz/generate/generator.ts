/**
 * Expands the grammar into a program.
 *
 * @module
 */
import { nativeNames } from '../../src/library/registry.ts'
import type { Random } from '../random.ts'
import {
  ASSIGNMENTS,
  EXPRESSIONS,
  FUNCTIONS,
  KEYS,
  LEAVES,
  OPERATORS,
  STATEMENTS,
  TYPES,
  WILD_STATEMENTS,
} from './grammar.ts'

const DEPTH_MAX = 4
const LENGTH_MAX = 6000
const STATEMENTS_MAX = 14
const PLACEHOLDER = /@(\d|[a-z]+(?::[a-z]+)?)/gi

const VARIABLE = /@var:(\w+)/g

/** Names that statements leave alone: counters, constants and modules. */
const NO_VALUES = ['count', 'none', 'module']

const NATIVES: readonly string[] = [...nativeNames()].filter((name) => /^[a-z_]\w*$/i.test(name))

/** A program that mostly runs through. */
export function generateProgram(random: Random): string {
  return new Generator(random).program()
}

type Scope = Map<string, string>

class Generator {
  readonly #random: Random
  /** Types of the variables by name, innermost scope last. */
  #scopes: Scope[] = [new Map()]
  #names = 0
  #length = 0

  constructor(random: Random) {
    this.#random = random
  }

  program(): string {
    const functions = FUNCTIONS.map((template) => this.#isolated(template))
    const variables = TYPES.map((type) => this.#expand(`@let:${type}`, 1))
    const count = this.#random.between(2, STATEMENTS_MAX)
    const statements = Array.from({ length: count }, () => this.#statement(0))
    const result = `[${this.#namesOf('any').join(', ')}]`
    return [...functions, ...variables, ...statements, result].join('\n')
  }

  /** Functions see no variables but their own. */
  #isolated(template: string): string {
    const outer = this.#scopes
    this.#scopes = [new Map()]
    const text = this.#expand(template, 2)
    this.#scopes = outer
    return text
  }

  #expand(template: string, depth: number): string {
    const created: string[] = []
    const text = template.replace(PLACEHOLDER, (_, placeholder: string) => {
      const index = Number(placeholder)
      if (index > 0) return created[index - 1] ?? '()'
      const [what = '', type = ''] = placeholder.split(':')
      if (what === 'var') return this.#variable(type) ?? '()'
      if (what !== 'new' && what !== 'let') return this.#replacement(what, depth)
      // A variable exists from behind its value on.
      const value = what === 'let' ? this.#expression(type, depth + 1) : undefined
      const name = this.#declare(type)
      created.push(name)
      return value === undefined ? name : `let ${name} = ${value};`
    })
    this.#length += text.length
    return text
  }

  #replacement(what: string, depth: number): string {
    if (what.startsWith('open') || what.startsWith('close')) return this.#bound(what)
    switch (what) {
      case 'block':
        return this.#block(depth + 1)
      case 'statements':
        return this.#statements(depth + 1)
      case 'wildStatement':
        return this.#expand(this.#pick(WILD_STATEMENTS), depth + 1)
      case 'native':
        return this.#random.pick(NATIVES)
      case 'operator':
        return this.#random.pick(OPERATORS)
      case 'assign':
        return this.#random.pick(ASSIGNMENTS)
      case 'key':
        return this.#random.pick(KEYS)
      default:
        return this.#expression(what, depth + 1)
    }
  }

  /** What follows the word without a space belongs to the source, as in `@openlet`. */
  #bound(word: string): string {
    if (word.startsWith('open')) {
      this.#scopes.push(new Map())
      return word.slice('open'.length)
    }
    this.#scopes.pop()
    return word.slice('close'.length)
  }

  #expression(type: string, depth: number): string {
    const isDeep = depth > DEPTH_MAX || this.#length > LENGTH_MAX
    if (isDeep || this.#random.chance(0.45)) return this.#leaf(type)
    return this.#expand(this.#pick(EXPRESSIONS[type] ?? LEAVES[type] ?? ['()']), depth)
  }

  #leaf(type: string): string {
    const name = this.#random.chance(0.6) ? this.#variable(type) : undefined
    return name ?? this.#random.pick(LEAVES[type] ?? ['()'])
  }

  /** A template all of whose variables exist. */
  #pick(templates: readonly string[]): string {
    for (;;) {
      const template = this.#random.pick(templates)
      const types = template.matchAll(VARIABLE).map(([, type = '']) => type)
      if (types.every((type) => this.#variable(type) !== undefined)) return template
    }
  }

  #statement(depth: number): string {
    return this.#expand(this.#pick(STATEMENTS), depth)
  }

  #statements(depth: number): string {
    if (depth > DEPTH_MAX || this.#length > LENGTH_MAX) return ''
    const count = this.#random.between(0, 3)
    return Array.from({ length: count }, () => this.#statement(depth)).join('\n')
  }

  #block(depth: number): string {
    this.#scopes.push(new Map())
    const text = `{\n${this.#statements(depth)}\n}`
    this.#scopes.pop()
    return text
  }

  #declare(type: string): string {
    const name = `v${this.#names++}`
    this.#scopes.at(-1)?.set(name, type)
    return name
  }

  #variable(type: string): string | undefined {
    const names = this.#namesOf(type)
    return names.length > 0 ? this.#random.pick(names) : undefined
  }

  #namesOf(type: string): readonly string[] {
    const isWanted = (held: string) => (type === 'any' ? !NO_VALUES.includes(held) : held === type)
    return [...this.#visible()].flatMap(([name, held]) => (isWanted(held) ? [name] : []))
  }

  #visible(): Scope {
    return new Map(this.#scopes.flatMap((scope) => [...scope]))
  }
}
