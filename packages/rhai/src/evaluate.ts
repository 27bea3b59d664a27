/**
 * Turns emitted code into a function.
 *
 * This is the only place in the package where text becomes code, and the text is always the output
 * of the emitter. A sandbox passes an evaluator of its own instead.
 *
 * @module
 */

/** Evaluates one JavaScript expression, without any variable around it, and answers its value. */
export type Evaluate = (code: string) => unknown

export const evaluateHere: Evaluate = (code) => new Function(`return ${code}`)()
