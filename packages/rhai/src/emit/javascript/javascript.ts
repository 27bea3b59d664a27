/**
 * The small part of JavaScript that compiled scripts are made of.
 *
 * The emitter builds these nodes and `print.ts` writes them out once, at the end. Nothing else in
 * the package produces JavaScript text, so text from a script can only reach the output as a
 * {@link literal}, which the printer escapes, or as an {@link identifier} made by `names.ts`.
 * Knows nothing of Rhai.
 *
 * @module
 */

export type Expression =
  | { readonly kind: 'identifier'; readonly name: string }
  | { readonly kind: 'literal'; readonly value: Literal }
  | { readonly kind: 'array'; readonly items: readonly Expression[] }
  | { readonly kind: 'call'; readonly callee: Expression; readonly args: readonly Expression[] }
  | { readonly kind: 'new'; readonly callee: Expression; readonly args: readonly Expression[] }
  | { readonly kind: 'member'; readonly object: Expression; readonly property: string }
  | { readonly kind: 'element'; readonly object: Expression; readonly key: Expression }
  | { readonly kind: 'unary'; readonly operator: UnaryOperator; readonly argument: Expression }
  | { readonly kind: 'await'; readonly argument: Expression }
  | {
      readonly kind: 'binary'
      readonly operator: BinaryOperator
      readonly left: Expression
      readonly right: Expression
    }
  | {
      readonly kind: 'conditional'
      readonly test: Expression
      readonly whenTrue: Expression
      readonly whenFalse: Expression
    }
  | {
      readonly kind: 'assign'
      readonly operator: '=' | '-='
      readonly target: Expression
      readonly value: Expression
    }
  | { readonly kind: 'increment'; readonly target: Expression }
  | { readonly kind: 'sequence'; readonly items: readonly Expression[] }
  | {
      readonly kind: 'function'
      readonly isAsync: boolean
      readonly name: string | undefined
      readonly params: readonly string[]
      readonly body: readonly Statement[]
    }

export type Literal = string | number | bigint | boolean | undefined
export type UnaryOperator = '!' | '-' | '+' | 'typeof '
export type BinaryOperator =
  | '+'
  | '-'
  | '*'
  | '/'
  | '%'
  | '==='
  | '!=='
  | '<'
  | '<='
  | '>'
  | '>='
  | '&&'
  | '||'
  | 'instanceof'

export type Statement =
  | {
      readonly kind: 'declare'
      readonly mutable: boolean
      readonly name: string
      readonly value: Expression | undefined
    }
  | { readonly kind: 'expression'; readonly expression: Expression }
  | { readonly kind: 'return'; readonly value: Expression | undefined }
  | { readonly kind: 'throw'; readonly value: Expression }
  | { readonly kind: 'block'; readonly body: readonly Statement[] }
  | {
      readonly kind: 'if'
      readonly test: Expression
      readonly whenTrue: readonly Statement[]
      readonly whenFalse: readonly Statement[]
    }
  | {
      readonly kind: 'loop'
      readonly label: string | undefined
      readonly test: Expression | undefined
      readonly update: Expression | undefined
      readonly body: readonly Statement[]
    }
  | { readonly kind: 'labelled'; readonly label: string; readonly body: readonly Statement[] }
  | { readonly kind: 'break'; readonly label: string | undefined }
  | { readonly kind: 'continue'; readonly label: string | undefined }
  | {
      readonly kind: 'try'
      readonly body: readonly Statement[]
      readonly handler: { readonly param: string; readonly body: readonly Statement[] } | undefined
      readonly finalizer: readonly Statement[] | undefined
    }

export const identifier = (name: string): Expression => ({ kind: 'identifier', name })
export const literal = (value: Literal): Expression => ({ kind: 'literal', value })
export const array = (items: readonly Expression[]): Expression => ({ kind: 'array', items })
export const call = (callee: Expression, ...args: readonly Expression[]): Expression => ({
  kind: 'call',
  callee,
  args,
})
export const construct = (callee: Expression, ...args: readonly Expression[]): Expression => ({
  kind: 'new',
  callee,
  args,
})
export const member = (object: Expression, property: string): Expression => ({
  kind: 'member',
  object,
  property,
})
export const memberAt = (object: Expression, key: Expression): Expression => ({
  kind: 'element',
  object,
  key,
})
export const unary = (operator: UnaryOperator, argument: Expression): Expression => ({
  kind: 'unary',
  operator,
  argument,
})
export const binary = (
  operator: BinaryOperator,
  left: Expression,
  right: Expression,
): Expression => ({ kind: 'binary', operator, left, right })
export const both = (left: Expression, right: Expression): Expression => binary('&&', left, right)
export const either = (left: Expression, right: Expression): Expression => binary('||', left, right)
export const not = (argument: Expression): Expression => unary('!', argument)
export const conditional = (
  test: Expression,
  whenTrue: Expression,
  whenFalse: Expression,
): Expression => ({ kind: 'conditional', test, whenTrue, whenFalse })
export const assign = (target: Expression, value: Expression): Expression => ({
  kind: 'assign',
  operator: '=',
  target,
  value,
})
export const decrease = (target: Expression, value: Expression): Expression => ({
  kind: 'assign',
  operator: '-=',
  target,
  value,
})
export const increment = (target: Expression): Expression => ({ kind: 'increment', target })
export const sequence = (...items: readonly Expression[]): Expression => ({
  kind: 'sequence',
  items,
})
export const functionOf = (
  params: readonly string[],
  body: readonly Statement[],
  name?: string,
): Expression => ({ kind: 'function', isAsync: false, name, params, body })
export const asyncFunctionOf = (
  params: readonly string[],
  body: readonly Statement[],
): Expression => ({ kind: 'function', isAsync: true, name: undefined, params, body })
/** May only stand in the body of an {@link asyncFunctionOf}, not in a function inside it. */
export const awaited = (argument: Expression): Expression => ({ kind: 'await', argument })

export const declareLet = (name: string, value?: Expression): Statement => ({
  kind: 'declare',
  mutable: true,
  name,
  value,
})
export const declareConst = (name: string, value: Expression): Statement => ({
  kind: 'declare',
  mutable: false,
  name,
  value,
})
export const evaluate = (expression: Expression): Statement => ({ kind: 'expression', expression })
export const returnValue = (value?: Expression): Statement => ({ kind: 'return', value })
export const throwValue = (value: Expression): Statement => ({ kind: 'throw', value })
export const block = (body: readonly Statement[]): Statement => ({ kind: 'block', body })
export const ifElse = (
  test: Expression,
  whenTrue: readonly Statement[],
  whenFalse: readonly Statement[] = [],
): Statement => ({ kind: 'if', test, whenTrue, whenFalse })
export const loop = (
  body: readonly Statement[],
  options: {
    readonly label?: string | undefined
    readonly test?: Expression | undefined
    readonly update?: Expression | undefined
  } = {},
): Statement => ({
  kind: 'loop',
  label: options.label,
  test: options.test,
  update: options.update,
  body,
})
export const labelled = (label: string, body: readonly Statement[]): Statement => ({
  kind: 'labelled',
  label,
  body,
})
export const breakTo = (label?: string): Statement => ({ kind: 'break', label })
export const continueTo = (label?: string): Statement => ({ kind: 'continue', label })
export const tryCatch = (
  body: readonly Statement[],
  param: string,
  handler: readonly Statement[],
): Statement => ({ kind: 'try', body, handler: { param, body: handler }, finalizer: undefined })
export const tryFinally = (
  body: readonly Statement[],
  finalizer: readonly Statement[],
): Statement => ({ kind: 'try', body, handler: undefined, finalizer })
