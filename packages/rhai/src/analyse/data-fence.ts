/**
 * Keeps the text that `parse_json` reads from acting as a program.
 *
 * The reference evaluates such a text like any expression. But texts come from strangers, so here
 * none of them reaches the host, runs another text, names a function or ends the script, wherever
 * in the text that stands.
 *
 * @module
 */
import type { Expression, Position } from '../parse/ast.ts'
import { RhaiError } from '../rhai-error.ts'
import { nodesOf } from './walk.ts'

const REFUSED_FUNCTIONS: ReadonlySet<string> = new Set(['Fn', 'eval', 'exit'])

/** @throws RhaiError of phase `eval`, as if what is refused did not exist */
export function refuseProgram(data: Expression): void {
  for (const node of nodesOf([data])) {
    if (node.kind !== 'call' && node.kind !== 'variable') continue
    const [root] = 'namespace' in node ? node.namespace : []
    if (root !== undefined) {
      throw refusal('ErrorModuleNotFound', `Module not found: ${root.name}`, root.position)
    }
    if (node.kind !== 'call' || !REFUSED_FUNCTIONS.has(node.name)) continue
    throw refusal('ErrorFunctionNotFound', `Function not found: ${node.name}`, node.position)
  }
}

function refusal(kind: string, text: string, { line, column }: Position): RhaiError {
  return new RhaiError({ phase: 'eval', kind, text, line, column })
}
