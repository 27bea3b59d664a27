/**
 * Help for the name under the pointer.
 *
 * @module
 */
import { syntaxTree } from '@codemirror/language'
import type { EditorState } from '@codemirror/state'
import { hoverTooltip } from '@codemirror/view'
import type { SyntaxNode } from '@lezer/common'
import { infoOf } from './info.ts'
import { ownFunctions } from './own-names.ts'
import {
  type KnownSymbol,
  librarySymbols,
  memberSymbols,
  methodSymbols,
  moduleSymbols,
} from './symbols.ts'

type Shown = Pick<KnownSymbol, 'calls' | 'gives' | 'text'>

export const rhaiHover = hoverTooltip(({ state }, position, side) => {
  const node = syntaxTree(state).resolveInner(position, side)
  const known = knownAt(state, node)
  if (known.length === 0) return null
  return {
    pos: node.from,
    end: node.to,
    above: true,
    create: () => {
      const dom = document.createElement('div')
      dom.className = 'cm-referenceTooltip'
      for (const each of known.slice(0, SHOWN_MAX)) dom.append(infoOf(each))
      return { dom }
    },
  }
})

/** A method may be one of several types. */
const SHOWN_MAX = 4

/** All that a name may be. */
export function knownAt(state: EditorState, node: SyntaxNode): readonly Shown[] {
  const name = state.sliceDoc(node.from, node.to)
  const named = (symbols: readonly KnownSymbol[] = []) =>
    symbols.filter((each) => each.name === name)
  if (node.name === 'PropertyName') {
    const holder = node.parent?.firstChild
    const members = memberSymbols.get(holder == null ? '' : state.sliceDoc(holder.from, holder.to))
    return named(members ?? methodSymbols)
  }
  if (node.name !== 'VariableName') return []
  if (node.parent?.name === 'ScopedName') {
    const module = node.parent.getChild('ModuleName')
    return named(moduleSymbols.get(module === null ? '' : state.sliceDoc(module.from, module.to)))
  }
  if (node.parent?.name !== 'CallExpression') return []
  const own = ownFunctions(state).filter((each) => each.name === name)
  if (own.length === 0) return named([...librarySymbols, ...methodSymbols])
  return own.map(({ params, documentation }) => ({
    calls: [`${name}(${params.join(', ')})`],
    gives: '',
    text: documentation,
  }))
}
