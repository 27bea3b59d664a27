/**
 * The one place where generated code is evaluated.
 *
 * It runs in a context of its own, whose global object is empty: no process, require, eval, Function
 * or WebAssembly, a null prototype, and nothing can be added to or changed in it. Emitted code needs
 * none of that: all it uses is handed to it as parameters. The context's built-in prototypes are
 * frozen, so that what one script's code did could not reach another's.
 * Code generation from strings and dynamic import are refused in the context, and the process flag
 * `--disallow-code-generation-from-strings` refuses the former everywhere. This fence is the second
 * line: emitted code is built from nodes and reaches nothing in the first place.
 *
 * The global is an ordinary one (`DONT_CONTEXTIFY`): reading a global of a contextified object goes
 * through an interceptor, which made a loop over `Math.floor` a hundred times slower.
 *
 * @module
 */
import { constants, createContext, Script } from 'node:vm'

/** Run once inside the new context, before anything else. */
const FENCE = `(() => {
  'use strict'
  const { freeze, getOwnPropertyDescriptor, getOwnPropertyNames, setPrototypeOf } = Object
  const fence = globalThis
  for (const name of getOwnPropertyNames(fence)) {
    const { value, configurable } = getOwnPropertyDescriptor(fence, name)
    if (typeof value === 'function' && value.prototype) freeze(value.prototype)
    if (configurable) delete fence[name]
  }
  setPrototypeOf(fence, null)
  freeze(fence)
})()`

/** Makes a fresh fence and gives the function that evaluates one expression inside it. */
export function createEvaluate(): (code: string) => unknown {
  const context = createContext(constants.DONT_CONTEXTIFY, {
    name: 'scripts',
    codeGeneration: { strings: false, wasm: false },
  })
  new Script(FENCE, { filename: 'fence.js' }).runInContext(context)
  return (code) =>
    new Script(`'use strict';(${code}\n)`, { filename: 'script.js' }).runInContext(context)
}
