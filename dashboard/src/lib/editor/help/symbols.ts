/**
 * What scripts can use, by the names they use it by.
 *
 * @module
 */
import { LIBRARY, MEMBERS, MODULES } from '../generated/reference.ts'
import type { ReferenceEntry } from './reference-entry.ts'

/** Something that has a name, with what there is to know of it. */
export interface KnownSymbol {
  readonly name: string
  readonly kind: 'function' | 'method' | 'property'
  /** What it is a function of: a module, or the heading of the library. */
  readonly group: string
  /** All the ways in which it is written. */
  readonly calls: readonly string[]
  readonly gives: string
  readonly text: string
}

interface CallParts {
  readonly module: string
  readonly receiver: string
  readonly name: string
  /** Null for a property. */
  readonly params: readonly string[] | null
}

export function partsOf(call: string): CallParts {
  const [, module = '', receiver = '', name = '', list] =
    /^(?:(\w+)::)?(?:(\w+)\.)?(\w+)(?:\((.*)\))?$/.exec(call) ?? []
  const params = list === undefined ? null : list.split(', ').filter((param) => param !== '')
  return { module, receiver, name, params }
}

/** The symbols of a row: one for each name in it. */
function symbolsOf(group: string, [calls, gives, text]: ReferenceEntry): readonly KnownSymbol[] {
  const byName = Map.groupBy(calls, (call) => partsOf(call).name)
  return [...byName].map(([name, own]) => {
    const parts = own.map(partsOf)
    const isProperty = parts.every(({ params }) => params === null)
    const isMethod = parts.some(({ receiver }) => receiver !== '')
    const kind = isProperty ? 'property' : isMethod ? 'method' : 'function'
    return { name, kind, group, calls: own, gives, text }
  })
}

const allOf = (group: string, entries: readonly ReferenceEntry[]): readonly KnownSymbol[] =>
  entries.flatMap((entry) => symbolsOf(group, entry))

/** The functions of each module, by its name. */
export const moduleSymbols: ReadonlyMap<string, readonly KnownSymbol[]> = new Map(
  Object.entries(MODULES).map(([name, entries]) => [name, allOf(name, entries)]),
)

const library = Object.entries(LIBRARY).flatMap(([group, entries]) => allOf(group, entries))

/** What is called without anything in front. */
export const librarySymbols = library.filter(({ kind }) => kind === 'function')

/** What is called on a value. */
export const methodSymbols = library.filter(({ kind }) => kind !== 'function')

/** What `request` and `ctx` have. */
export const memberSymbols: ReadonlyMap<string, readonly KnownSymbol[]> = Map.groupBy(
  MEMBERS.flatMap((entry) => {
    const { receiver } = partsOf(entry[0][0] ?? '')
    return symbolsOf(receiver, entry)
  }),
  ({ group }) => group,
)

/** Of each module, how many arguments its functions take. */
export function moduleArities(): Record<string, Record<string, readonly number[]>> {
  return Object.fromEntries(
    Object.entries(MODULES).map(([module, entries]) => {
      const parts = entries.flatMap(([calls]) => calls.map(partsOf))
      const arities = Map.groupBy(parts, ({ name }) => name)
      return [
        module,
        Object.fromEntries(
          [...arities].map(([name, own]) => [
            name,
            [...new Set(own.map(({ params }) => params?.length ?? 0))],
          ]),
        ),
      ]
    }),
  )
}
