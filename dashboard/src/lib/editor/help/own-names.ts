/**
 * The names a script defines itself, as far as they can be used at a place.
 *
 * @module
 */

import { syntaxTree } from '@codemirror/language'
import type { EditorState, Text } from '@codemirror/state'
import type { SyntaxNode } from '@lezer/common'

export interface OwnFunction {
  readonly name: string
  readonly params: readonly string[]
  /** The doc comments in front of it, without their slashes and stars. */
  readonly documentation: string
}

/** Functions can be called from everywhere. */
export function ownFunctions(state: EditorState): readonly OwnFunction[] {
  const { doc } = state
  return childrenOf(syntaxTree(state).topNode, 'FunctionDefinition').flatMap((node) => {
    const name = node.getChild('FunctionName')
    if (name === null) return []
    const params = childrenOf(node.getChild('ParamList'), 'VariableDefinition')
    return [
      {
        name: textOf(doc, name),
        params: params.map((param) => textOf(doc, param)),
        documentation: documentationOf(doc, node),
      },
    ]
  })
}

/** What variables and imported scripts are called that were named before, in this block or around it. */
export function ownVariables(state: EditorState, position: number): readonly string[] {
  const names = new Set<string>()
  let node: SyntaxNode | null = syntaxTree(state).resolveInner(position, -1)
  for (; node !== null; node = node.parent) {
    for (const definition of definitionsIn(node, position)) names.add(textOf(state.doc, definition))
    // Of the script around it, a function sees what is imported.
    if (node.name === 'FunctionDefinition') break
  }
  const imports = childrenOf(syntaxTree(state).topNode, 'ImportStatement')
  for (const alias of imports.flatMap((each) => childrenOf(each, 'ModuleDefinition'))) {
    names.add(textOf(state.doc, alias))
  }
  return [...names]
}

const STATEMENTS = ['LetStatement', 'ExportStatement']

function definitionsIn(node: SyntaxNode, position: number): readonly SyntaxNode[] {
  const own = [node, node.getChild('ParamList'), node.getChild('ClosureParams')].flatMap((holder) =>
    childrenOf(holder, 'VariableDefinition'),
  )
  const isLet = STATEMENTS.includes(node.name)
  const before = STATEMENTS.flatMap((name) => childrenOf(node, name)).filter(
    ({ to }) => to < position,
  )
  const defined = before.flatMap((statement) => childrenOf(statement, 'VariableDefinition'))
  return [...(isLet ? [] : own), ...defined]
}

function childrenOf(node: SyntaxNode | null, name: string): readonly SyntaxNode[] {
  return node?.getChildren(name) ?? []
}

function textOf(doc: Text, { from, to }: SyntaxNode): string {
  return doc.sliceString(from, to)
}

function documentationOf(doc: Text, node: SyntaxNode): string {
  const lines: string[] = []
  for (let each = node.prevSibling; each?.name === 'DocComment'; each = each.prevSibling) {
    lines.unshift(textOf(doc, each))
  }
  return lines
    .filter((line) => !line.startsWith('//!'))
    .join('\n')
    .replaceAll(/^\s*(?:\/\/\/|\/\*\*|\*\/|\*(?!\/)) ?|\s*\*\/$/gm, '')
    .trim()
}
