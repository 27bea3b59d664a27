import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { RhaiError } from '../rhai-error.ts'
import type { ClosureExpression, Expression, Script, Statement } from './ast.ts'
import { type ParseOptions, parse, parseJsonExpression } from './parse.ts'

describe('expressions', () => {
  it('bind as the reference binds them', () => {
    expect(shapeOf('1 + 2 * 3')).toBe('(1 + (2 * 3))')
    expect(shapeOf('1 + 2 << 1')).toBe('(1 + (2 << 1))')
    expect(shapeOf('2 ** 3 ** 2')).toBe('(2 ** (3 ** 2))')
    expect(shapeOf('2 ** 1 << 2')).toBe('(2 ** (1 << 2))')
    expect(shapeOf('a | b && c ^ d')).toBe('((a | (b && c)) ^ d)')
    expect(shapeOf('6 & 3 == 2')).toBe('(6 & (3 == 2))')
    expect(shapeOf('!a in b + 1')).toBe('((! a) in (b + 1))')
    expect(shapeOf('a ?? b .. c')).toBe('(a ?? (b .. c))')
  })

  it('fold a sign into the number it stands before', () => {
    expect(shapeOf('-2 ** 2')).toBe('(-2 ** 2)')
    expect(shapeOf('- (3)')).toBe('-3')
    expect(shapeOf('+ 3')).toBe('3')
    expect(shapeOf('-a')).toBe('(- a)')
  })

  it('flatten chains, parentheses or not', () => {
    expect(shapeOf('a.b[0]?.c(1)?[i]')).toBe('a .b [0] ?.c(1) ?[i]')
    expect(shapeOf('(a.b).c')).toBe('a .b .c')
  })

  it('tell calls from method calls, and what sees the scope of its caller', () => {
    expect(shapeOf('f(1, a::b::g())')).toBe('f(1, a::b::g())')
    expect(shapeOf('f!(1,)')).toBe('f!(1)')
    expect(shapeOf('global::X')).toBe('global::X')
  })

  it('call a reserved word behind a module name, and only call it', () => {
    expect(shapeOf('log::debug(1)')).toBe('log::debug(1)')
    expect(errorOf('log::debug')).toContain("'debug' is a reserved keyword")
    expect(errorOf('log::async(1)')).toContain("'async' is a reserved keyword")
  })

  it('leave the end of an open range empty', () => {
    expect(shapeOf('x[1..]')).toBe('x [(1 .. ())]')
    expect(shapeOf('x[..=2]')).toBe('x [(0 ..= 2)]')
  })

  it('interpolate, nested too', () => {
    expect(shapeOf(`\`a\${\`b\${1}\`}c\``)).toBe('`a{`b{1}`}c`')
  })
})

describe('closures', () => {
  it('capture what they use and do not declare, once each, in order of use', () => {
    expect(capturesOf('|x| { let y = b; x + y + a.c + b }')).toEqual(['b', 'a'])
  })

  it('capture for the closures inside them', () => {
    expect(capturesOf('|x| |y| x + y + z')).toEqual(['z'])
  })

  it('capture no properties, map keys, callees, modules or earlier functions', () => {
    expect(capturesOf('|x| f(x.p, #{k: 1}, m::v)')).toEqual([])
    const script = parse('fn f() {} let c = |x| f; let d = |x| g;')
    expect(script.statements.map((s) => closureOf(s).captures.map(({ name }) => name))).toEqual([
      [],
      ['g'],
    ])
  })
})

describe('functions', () => {
  it('are hoisted, with what stands before them', () => {
    const { functions, statements } = parse('1; /// doc\nprivate fn int.f(a, b) { a } 2;')
    expect(statements).toHaveLength(2)
    expect(functions).toMatchObject([
      { name: 'f', thisType: 'i64', isPrivate: true, documentation: ['/// doc'] },
    ])
  })

  it('differ by name, number of parameters and type of this', () => {
    expect(parse('fn f() {} fn f(a) {} fn int.f() {}').functions).toHaveLength(3)
    expect(errorOf('fn f(a) {} fn f(b) {}')).toBe(
      'Function f with 1 parameter already exists (line 1, position 12)',
    )
  })

  it('are refused inside anything', () => {
    expect(errorOf('{ fn f() {} }')).toContain('must be at global level')
    expect(errorOf('let f = || { fn g() {} };')).toContain('must be at global level')
  })
})

describe('statements', () => {
  it('need no semicolon after a closing brace, except after do and let', () => {
    expect(parse('if a { } while b { } { } switch c { } for d in e { } 1').statements).toHaveLength(
      6,
    )
    expect(errorOf('do { } while a b')).toBe(
      "Expecting ';' to terminate this statement (line 1, position 16)",
    )
  })

  it('know constants of the same function only', () => {
    expect(errorOf('const A = 1; { A = 2; }')).toBe(
      'Cannot assign to constant A (line 1, position 16)',
    )
    expect(parse('const A = 1; let A = 2; A = 3; let f = || { A = 4; };').statements).toHaveLength(
      4,
    )
    expect(parse('{ const A = 1; } A = 2;').statements).toHaveLength(2)
  })

  it('return nothing where no value starts', () => {
    expect(parse('fn f() { if a { return } return; }').functions).toHaveLength(1)
    expect(errorOf('return "a')).toBe('Open string is not terminated (line 1, position 8)')
  })

  it('may leave through the right side of ??', () => {
    expect(shapeOf('a ?? return 5')).toBe('(a ?? {return})')
  })

  it('break out of loops only', () => {
    expect(errorOf('break')).toBe(
      'Break statement should only be used inside a loop (line 1, position 1)',
    )
    expect(errorOf('loop { let f = || break; }')).toContain('only be used inside a loop')
  })
})

describe('switch', () => {
  it('keeps labels, ranges and guards in order', () => {
    const [statement] = parse(
      'switch x { 1 | "a" if y => 1, 2..5 => { } 7.. => 2, _ => 3 }',
    ).statements
    expect(statement).toMatchObject({
      kind: 'switch',
      cases: [
        { labels: [{ kind: 'value' }, { kind: 'value' }], guard: { kind: 'variable' } },
        { labels: [{ kind: 'range', start: 2, end: 5, isInclusive: false }] },
        { labels: [{ kind: 'range', start: 7, end: 9223372036854775807n }] },
      ],
      fallback: { kind: 'expression' },
    })
  })

  it('takes literals only', () => {
    expect(errorOf('switch x { y => 1 }')).toBe(
      'Expecting a literal expression (line 1, position 12)',
    )
    expect(errorOf('switch x { @ => 1 }')).toContain('Expecting literal expression')
  })
})

describe('limits', () => {
  it('counts depth, at top level and in functions', () => {
    expect(errorOf('('.repeat(32))).toBe(
      'Expression exceeds maximum complexity (line 1, position 32)',
    )
    const nested = (depth: number) => `${'('.repeat(depth)}1${')'.repeat(depth)}`
    expect(parse(nested(31)).statements).toHaveLength(1)
    expect(parse(nested(60), { expressionDepthMax: 200 }).statements).toHaveLength(1)
    expect(errorOf(`fn f() { ${nested(16)} }`)).toContain('exceeds maximum complexity')
  })

  it.each(['(', '{', '[', '#{a:', '- ', '!', 'if ', 'f(', '|x|x+', '1+', '`${', 'switch '])(
    'answers a megabyte of %j with an error, at once',
    (piece) => {
      const bomb = piece.repeat(2 ** 20 / piece.length)
      expect(errorOf(bomb, { expressionDepthMax: 1_000_000 })).toMatch(/\(line 1, position \d+\)$/)
    },
  )

  it.each(['a::', 'let a = 1;', '/// d\n', '/*', '""', '1,'])(
    'takes time in proportion to a megabyte of %j',
    (piece) => {
      const started = performance.now()
      errorOf(piece.repeat(2 ** 20 / piece.length))
      expect(performance.now() - started).toBeLessThan(5_000)
    },
  )
})

describe('expressions in JSON', () => {
  it('write maps and null as JSON does', () => {
    expect(shape(parseJsonExpression('{"a": [null, {"b": -1.5e3}], "c": 1 + 2}'))).toBe(
      '#{a: [(), #{b: -1500}], c: (1 + 2)}',
    )
  })

  it.each([
    ['{"a":#{}}', "Invalid symbol encountered: '#{' (line 1, position 6)"],
    ['{a: 1}', 'Expecting name of a property (line 1, position 2)'],
    ['{"a":1} x', "Unexpected 'x' (line 1, position 9)"],
    ['{"a":if}', "Unexpected '}' (line 1, position 8)"],
    ["{'a':1}", "Expecting '}' to end this object map literal (line 1, position 2)"],
    ['   ', 'Script is incomplete (line 1, position 4)'],
  ])('refuse %s', (source, message) => {
    expect(String(failureOf(() => parseJsonExpression(source)))).toBe(message)
  })
})

it('answers any text with a tree or an error inside the text', () => {
  const pieces = fc.constantFrom(
    ...['a', '1', '-1', '2.5', '"s"', "'c'", '`t${', '}', '`', '{', '(', ')', '()', '[', ']', '#{'],
    ...[
      'a:',
      ',',
      ';',
      '.',
      '?.',
      '?[',
      '::',
      '=',
      '+=',
      '==',
      '+',
      '-',
      '!',
      '|',
      '||',
      '&&',
      '??',
    ],
    ...[
      '..',
      '..=',
      'in',
      '=>',
      '_',
      'let',
      'const',
      'if',
      'else',
      'switch',
      'loop',
      'while',
      'do',
    ],
    ...[
      'for',
      'break',
      'return',
      'throw',
      'try',
      'catch',
      'fn',
      'private',
      'export',
      'import',
      'as',
    ],
    ...['this', 'call', 'print', '@', '\n', '/*', '//', '"', '\\', '😀', 'x => x'],
  )
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 40 }), (soup) => {
      const source = soup.join(' ')
      const error = failureOf(() => parse(source))
      if (error === undefined) return
      expect(error.phase).toBe('parse')
      const lines = source.split('\n')
      expect(error.line).toBeLessThanOrEqual(lines.length)
      expect(error.column).toBeLessThanOrEqual((lines[error.line - 1] ?? '').length + 1)
    }),
    { numRuns: 2_000 },
  )
})

it('reads a lone surrogate as the replacement character', () => {
  expect(shapeOf('"\ud800"')).toBe('"\ufffd"')
})

/** The error that the work ends in, if any. */
function failureOf(work: () => unknown): RhaiError | undefined {
  try {
    work()
    return undefined
  } catch (error) {
    if (error instanceof RhaiError) return error
    throw error
  }
}

function errorOf(source: string, options?: ParseOptions): string {
  return String(failureOf(() => parse(source, options)))
}

/** The one expression of the source, in a form that shows how it binds. */
function shapeOf(source: string): string {
  return shapeOfStatement(onlyStatement(parse(source)))
}

function onlyStatement(script: Script): Statement {
  const [statement, ...rest] = script.statements
  expect(rest).toEqual([])
  if (statement === undefined) throw new Error('no statement')
  return statement
}

function shapeOfStatement(statement: Statement): string {
  if (statement.kind === 'expression') return shape(statement.expression)
  if (statement.kind === 'block') return statement.statements.map(shapeOfStatement).join('; ')
  return statement.kind
}

function shape(node: Expression): string {
  switch (node.kind) {
    case 'unit':
      return '()'
    case 'string':
      return JSON.stringify(node.value)
    case 'integer':
    case 'float':
    case 'boolean':
    case 'character':
      return String(node.value)
    case 'variable':
      return [...node.namespace, node].map(({ name }) => name).join('::')
    case 'call': {
      const path = [...node.namespace, node].map(({ name }) => name).join('::')
      return `${path}${node.capturesScope ? '!' : ''}(${node.args.map(shape).join(', ')})`
    }
    case 'unary':
      return `(${node.operator} ${shape(node.operand)})`
    case 'binary':
    case 'logical':
      return `(${shape(node.left)} ${node.operator} ${shape(node.right)})`
    case 'range':
      return `(${shape(node.start)} ${node.isInclusive ? '..=' : '..'} ${shape(node.end)})`
    case 'array':
      return `[${node.items.map(shape).join(', ')}]`
    case 'map':
      return `#{${node.entries.map(({ name, value }) => `${name}: ${shape(value)}`).join(', ')}}`
    case 'interpolated':
      return `\`${node.parts.map(shapeOfPart).join('')}\``
    case 'statement':
      return `{${shapeOfStatement(node.statement)}}`
    case 'chain':
      return [shape(node.base), ...node.links.map(shapeOfLink)].join(' ')
    default:
      return node.kind
  }
}

function shapeOfPart(part: Expression): string {
  return part.kind === 'string' ? part.value : shape(part)
}

function shapeOfLink(link: Extract<Expression, { kind: 'chain' }>['links'][number]): string {
  const mark = link.isOptional ? '?' : ''
  if (link.kind === 'index') return `${mark}[${shape(link.index)}]`
  const args = link.kind === 'method' ? `(${link.args.map(shape).join(', ')})` : ''
  return `${mark}.${link.name}${args}`
}

function capturesOf(source: string): string[] {
  return closureOf(onlyStatement(parse(source))).captures.map(({ name }) => name)
}

/** The closure that the statement is, or that it makes a variable of. */
function closureOf(statement: Statement): ClosureExpression {
  const expression =
    statement.kind === 'variable'
      ? statement.value
      : statement.kind === 'expression'
        ? statement.expression
        : undefined
  if (expression?.kind !== 'closure') throw new Error('not a closure')
  return expression
}
