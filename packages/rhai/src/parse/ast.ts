/**
 * The syntax tree of one script, as the parser hands it to analysis.
 *
 * Promises: every node has the position the reference engine gives it (the one its errors name),
 * the tree is plain frozen-in-type data, and all unions discriminate on `kind`. Closures carry the
 * outer names they capture; which slot a name lives in is left to analysis.
 * Knows nothing of values, scopes at run time or JavaScript.
 *
 * @module
 */

/** Where something stands. Both count from 1; columns count characters, not UTF-16 units. */
export interface Position {
  readonly line: number
  readonly column: number
}

export interface Script {
  readonly kind: 'script'
  /** Top-level statements. Function definitions are not among them: they are hoisted. */
  readonly statements: readonly Statement[]
  /** Every named function, in source order; unique by name, arity and type of `this`. */
  readonly functions: readonly FunctionDefinition[]
  /** The `//!` comments of the whole script, verbatim, without line breaks. */
  readonly documentation: readonly string[]
}

export interface FunctionDefinition {
  readonly kind: 'function'
  readonly name: string
  /** Name of the type in `fn int.double()`: the function is for `this` of that type only. */
  readonly thisType: string | undefined
  readonly isPrivate: boolean
  readonly params: readonly Name[]
  readonly body: Block
  /** The `///` and `/**` comments standing directly before it, verbatim. */
  readonly documentation: readonly string[]
  /** Of the `fn` keyword. */
  readonly position: Position
  readonly namePosition: Position
}

/** An identifier where it is declared, or a map key. */
export interface Name {
  readonly name: string
  readonly position: Position
}

/** `{ ... }`; `position` is the opening brace. The value of a block is its last statement's. */
export interface Block {
  readonly kind: 'block'
  readonly statements: readonly Statement[]
  readonly position: Position
  readonly endPosition: Position
}

// ---------------------------------------------------------------------------------------------
// Statements

export type Statement =
  | Block
  | EmptyStatement
  | ExpressionStatement
  | VariableStatement
  | AssignmentStatement
  | IfStatement
  | SwitchStatement
  | WhileStatement
  | LoopStatement
  | DoStatement
  | ForStatement
  | BreakStatement
  | ContinueStatement
  | ReturnStatement
  | ThrowStatement
  | TryStatement
  | ImportStatement
  | ExportStatement

/** A lone `;`, or the place of a hoisted function. Its value is `()`. */
export interface EmptyStatement {
  readonly kind: 'empty'
  readonly position: Position
}

export interface ExpressionStatement {
  readonly kind: 'expression'
  readonly expression: Expression
  /** Where the expression starts. */
  readonly position: Position
}

/** `let` and `const`, with or without `export`. A missing initialiser means `()`. */
export interface VariableStatement {
  readonly kind: 'variable'
  readonly isConstant: boolean
  readonly isExported: boolean
  readonly name: string
  readonly namePosition: Position
  readonly value: Expression | undefined
  /** Of the `let` or `const` keyword. */
  readonly position: Position
}

export type AssignmentOperator =
  | '='
  | '+='
  | '-='
  | '*='
  | '/='
  | '%='
  | '**='
  | '<<='
  | '>>='
  | '&='
  | '|='
  | '^='

/**
 * `target = value`. The parser has checked that the target can be assigned to: it is a variable,
 * or a chain that starts at a variable or `this` (or at any value: then the write is lost) and ends
 * in a property or an index.
 */
export interface AssignmentStatement {
  readonly kind: 'assignment'
  readonly target: Expression
  readonly operator: AssignmentOperator
  readonly value: Expression
  /** Of the operator. */
  readonly position: Position
}

export interface IfStatement {
  readonly kind: 'if'
  readonly condition: Expression
  readonly consequent: Block
  /** `else if` stands as an {@link IfStatement}. */
  readonly alternate: Block | IfStatement | undefined
  readonly position: Position
}

/** First matching case wins; a case matches when any of its labels does and its guard is true. */
export interface SwitchStatement {
  readonly kind: 'switch'
  readonly subject: Expression
  /** In source order, without the default. */
  readonly cases: readonly SwitchCase[]
  /** Body of `_ =>`, which the parser has checked to be last and unguarded. */
  readonly fallback: Statement | undefined
  readonly position: Position
}

export interface SwitchCase {
  /** At least one. */
  readonly labels: readonly SwitchLabel[]
  readonly guard: Expression | undefined
  readonly body: Statement
}

export type SwitchLabel = SwitchValueLabel | SwitchRangeLabel | SwitchPointerLabel

/** Compared as the hash of the reference does: by type and value, deeply for arrays and maps. */
export interface SwitchValueLabel {
  readonly kind: 'value'
  /** Only literals: scalar, string, or array and map literals of such. */
  readonly value: Expression
  readonly position: Position
}

export interface SwitchRangeLabel {
  readonly kind: 'range'
  readonly start: number | bigint
  readonly end: number | bigint
  readonly isInclusive: boolean
  readonly position: Position
}

/** `Fn("name")` or a closure without captures: it may stand there, and matches nothing. */
export interface SwitchPointerLabel {
  readonly kind: 'pointer'
  readonly position: Position
}

export interface WhileStatement {
  readonly kind: 'while'
  readonly condition: Expression
  readonly body: Block
  readonly position: Position
}

export interface LoopStatement {
  readonly kind: 'loop'
  readonly body: Block
  readonly position: Position
}

/** `do { } while c`, or `until c` when `isUntil`. */
export interface DoStatement {
  readonly kind: 'do'
  readonly body: Block
  readonly isUntil: boolean
  readonly condition: Expression
  readonly position: Position
}

/** `for variable in iterable`, `for (variable, counter) in iterable`. */
export interface ForStatement {
  readonly kind: 'for'
  readonly variable: Name
  readonly counter: Name | undefined
  readonly iterable: Expression
  readonly body: Block
  readonly position: Position
}

export interface BreakStatement {
  readonly kind: 'break'
  readonly value: Expression | undefined
  readonly position: Position
}

export interface ContinueStatement {
  readonly kind: 'continue'
  readonly position: Position
}

export interface ReturnStatement {
  readonly kind: 'return'
  readonly value: Expression | undefined
  readonly position: Position
}

export interface ThrowStatement {
  readonly kind: 'throw'
  readonly value: Expression | undefined
  readonly position: Position
}

export interface TryStatement {
  readonly kind: 'try'
  readonly body: Block
  /** Name in `catch (name)`. */
  readonly variable: Name | undefined
  readonly handler: Block
  readonly position: Position
}

export interface ImportStatement {
  readonly kind: 'import'
  readonly path: Expression
  readonly alias: Name | undefined
  readonly position: Position
}

/** `export name`, `export name as alias`. Top level only. */
export interface ExportStatement {
  readonly kind: 'export'
  readonly name: Name
  readonly alias: Name | undefined
  readonly position: Position
}

// ---------------------------------------------------------------------------------------------
// Expressions

export type Expression =
  | UnitLiteral
  | BooleanLiteral
  | IntegerLiteral
  | FloatLiteral
  | CharacterLiteral
  | StringLiteral
  | InterpolatedString
  | ArrayLiteral
  | MapLiteral
  | Variable
  | ThisExpression
  | CallExpression
  | ChainExpression
  | UnaryExpression
  | BinaryExpression
  | LogicalExpression
  | RangeExpression
  | ClosureExpression
  | StatementExpression

export interface UnitLiteral {
  readonly kind: 'unit'
  readonly position: Position
}

export interface BooleanLiteral {
  readonly kind: 'boolean'
  readonly value: boolean
  readonly position: Position
}

/** 64 bits signed: a number while safe, a bigint beyond. A sign in front is already applied. */
export interface IntegerLiteral {
  readonly kind: 'integer'
  readonly value: number | bigint
  readonly position: Position
}

export interface FloatLiteral {
  readonly kind: 'float'
  readonly value: number
  readonly position: Position
}

export interface CharacterLiteral {
  readonly kind: 'character'
  /** Exactly one code point. */
  readonly value: string
  readonly position: Position
}

export interface StringLiteral {
  readonly kind: 'string'
  readonly value: string
  readonly position: Position
}

/** `` `a${b}c` ``: string literals (never empty) and statement expressions holding the blocks. */
export interface InterpolatedString {
  readonly kind: 'interpolated'
  readonly parts: readonly (StringLiteral | StatementExpression)[]
  readonly position: Position
}

export interface ArrayLiteral {
  readonly kind: 'array'
  readonly items: readonly Expression[]
  /** Of the opening bracket. */
  readonly position: Position
}

export interface MapLiteral {
  readonly kind: 'map'
  /** In source order, names unique. */
  readonly entries: readonly MapEntry[]
  /** Of the opening `#{`. */
  readonly position: Position
}

export interface MapEntry extends Name {
  readonly value: Expression
}

/** `name`, `module::name`, `global::NAME`. */
export interface Variable {
  readonly kind: 'variable'
  readonly name: string
  /** Path before the name; empty for most. */
  readonly namespace: readonly Name[]
  readonly position: Position
}

export interface ThisExpression {
  readonly kind: 'this'
  readonly position: Position
}

/** `name(args)`, `module::name(args)`, and `name!(args)` when `capturesScope`. */
export interface CallExpression {
  readonly kind: 'call'
  readonly name: string
  readonly namespace: readonly Name[]
  readonly args: readonly Expression[]
  /** `f!()`: the function sees the variables of its caller. */
  readonly capturesScope: boolean
  /** Of the name. */
  readonly position: Position
}

/**
 * `base.a[b].c(d)`: one value looked at, called or written through a path.
 *
 * The base is never itself a chain: parentheses do not break one, so `(a.b).c = 1` writes through
 * `a.b.c`, as in the reference.
 */
export interface ChainExpression {
  readonly kind: 'chain'
  readonly base: Expression
  /** At least one. */
  readonly links: readonly ChainLink[]
  /** Of the first link's operator. */
  readonly position: Position
}

export type ChainLink = PropertyLink | MethodLink | IndexLink

/** `.name`, or `?.name` when optional. */
export interface PropertyLink {
  readonly kind: 'property'
  readonly name: string
  readonly isOptional: boolean
  /** Of the name. */
  readonly position: Position
  /** Of the `.` or `?.`. */
  readonly operatorPosition: Position
}

/** `.name(args)`, or `?.name(args)` when optional. */
export interface MethodLink {
  readonly kind: 'method'
  readonly name: string
  readonly args: readonly Expression[]
  readonly isOptional: boolean
  /** Of the name. */
  readonly position: Position
  /** Of the `.` or `?.`. */
  readonly operatorPosition: Position
}

/** `[index]`, or `?[index]` when optional. */
export interface IndexLink {
  readonly kind: 'index'
  readonly index: Expression
  readonly isOptional: boolean
  /** Where the index expression starts. */
  readonly position: Position
  /** Of the `[` or `?[`. */
  readonly operatorPosition: Position
}

export type UnaryOperator = '-' | '+' | '!'

/** A sign on a number literal is part of the literal, not an operator. */
export interface UnaryExpression {
  readonly kind: 'unary'
  readonly operator: UnaryOperator
  readonly operand: Expression
  /** Of the operator. */
  readonly position: Position
}

export type BinaryOperator =
  | '+'
  | '-'
  | '*'
  | '/'
  | '%'
  | '**'
  | '<<'
  | '>>'
  | '&'
  | '|'
  | '^'
  | '=='
  | '!='
  | '<'
  | '<='
  | '>'
  | '>='
  | 'in'
  | '!in'

export interface BinaryExpression {
  readonly kind: 'binary'
  readonly operator: BinaryOperator
  readonly left: Expression
  readonly right: Expression
  /** Of the operator. */
  readonly position: Position
}

/** Evaluates the right side only when the left leaves the answer open. */
export interface LogicalExpression {
  readonly kind: 'logical'
  readonly operator: '&&' | '||' | '??'
  readonly left: Expression
  readonly right: Expression
  /** Of the operator. */
  readonly position: Position
}

/** `a..b`, `a..=b`. A missing start is the integer 0; a missing end is `()`: up to the last INT. */
export interface RangeExpression {
  readonly kind: 'range'
  readonly start: Expression
  readonly end: Expression
  readonly isInclusive: boolean
  /** Of the operator. */
  readonly position: Position
}

export interface ClosureExpression {
  readonly kind: 'closure'
  readonly params: readonly Name[]
  readonly body: Statement
  /**
   * Every variable the body (or a closure in it) uses without declaring it, in order of first use,
   * except names of functions defined earlier. Each is shared with its scope from here on; one that
   * exists in no enclosing scope is listed too and fails only when the closure is made.
   */
  readonly captures: readonly Name[]
  /** Of the opening `|`. */
  readonly position: Position
}

/** A statement in the place of an expression. */
export interface StatementExpression {
  readonly kind: 'statement'
  readonly statement: ControlFlowStatement | JumpStatement
  readonly position: Position
}

/** What may stand wherever an expression may. */
export type ControlFlowStatement = Block | IfStatement | SwitchStatement | LoopLike

export type LoopLike = WhileStatement | LoopStatement | DoStatement | ForStatement

/** May stand to the right of `??` only: `x ?? return 5`. */
export type JumpStatement = BreakStatement | ContinueStatement | ReturnStatement | ThrowStatement
