import { describe, expect, it } from 'vitest'
import { Lexer } from './lexer.ts'
import { TOKEN_TEXT, TokenKind } from './token-kind.ts'

/** Tokens of the source, each as its kind, its contents and where it starts. */
function lex(source: string): string[] {
  const lexer = new Lexer(source)
  const tokens: string[] = []
  while (lexer.peek() !== TokenKind.End) {
    const { line, column } = lexer.token
    tokens.push(`${describeToken(lexer)} ${line}:${column}`)
    lexer.skip()
  }
  return tokens
}

/** The tokens without their positions. */
function texts(source: string): string[] {
  return lex(source).map((token) => token.slice(0, token.lastIndexOf(' ')))
}

function describeToken({ token }: Lexer): string {
  switch (token.kind) {
    case TokenKind.Integer:
      return `INT ${token.value}`
    case TokenKind.Float:
      return `FLOAT ${token.value}`
    case TokenKind.Character:
      return `CHAR ${JSON.stringify(token.text)}`
    case TokenKind.String:
      return `STRING ${JSON.stringify(token.text)}`
    case TokenKind.InterpolatedString:
      return `TEXT ${JSON.stringify(token.text)}`
    case TokenKind.Identifier:
      return `NAME ${token.text}`
    case TokenKind.Reserved:
      return `RESERVED ${token.text}`
    case TokenKind.Failure:
      return `${token.failure.kind}: ${token.failure.text}`
    default:
      return TOKEN_TEXT[token.kind] ?? ''
  }
}

describe('numbers', () => {
  it('keeps integers exact up to 64 bits and makes larger ones floats', () => {
    expect(texts('0 1_000 9007199254740993 9223372036854775807 9223372036854775808')).toEqual([
      'INT 0',
      'INT 1000',
      'INT 9007199254740993',
      'INT 9223372036854775807',
      'FLOAT 9223372036854776000',
    ])
  })

  it('wraps integers with a radix to signed', () => {
    expect(texts('0xff 0O7_7 0b1011 0_x10 0xFFFFFFFFFFFFFFFF')).toEqual([
      'INT 255',
      'INT 63',
      'INT 11',
      'INT 16',
      'INT -1',
    ])
  })

  it('refuses a radix without digits, with too many, or after a sign', () => {
    expect(texts('0x;0x10000000000000000;-0xff')).toEqual([
      "MalformedNumber: Invalid number: ''",
      ';',
      "MalformedNumber: Invalid number: '10000000000000000'",
      ';',
      "MalformedNumber: Invalid number: 'xff'",
    ])
  })

  it('takes a point only where no property or range can start', () => {
    expect(texts('1.5 1. 1.e 1..2 1.5e-3 2E+2')).toEqual([
      'FLOAT 1.5',
      'FLOAT 1',
      'INT 1',
      '.',
      'NAME e',
      'INT 1',
      '..',
      'INT 2',
      'FLOAT 0.0015',
      'FLOAT 200',
    ])
    expect(texts('1e+')).toEqual(["MalformedNumber: Invalid number: '1e+'"])
  })

  it('reads a minus as a sign only where an operand may start', () => {
    expect(texts('-1 - -9223372036854775808 -2')).toEqual([
      'INT -1',
      '-',
      'INT -9223372036854775808',
      '-',
      'INT 2',
    ])
  })

  it('knows no negative zero among integers', () => {
    const lexer = new Lexer('-0')
    lexer.peek()
    expect(Object.is(lexer.token.value, 0)).toBe(true)
  })
})

describe('strings', () => {
  it('decodes escapes and doubled quotes', () => {
    expect(texts(String.raw`"a\tb\\\"\x41é\U0001F600" "he said ""hi"""`)).toEqual([
      'STRING "a\\tb\\\\\\"Aé😀"',
      'STRING "he said \\"hi\\""',
    ])
  })

  it('blames a bad escape at the character that spoils it', () => {
    expect(lex(String.raw`"\q"`)).toContain(
      String.raw`MalformedEscapeSequence: Invalid escape sequence: '\q' 1:3`,
    )
    expect(lex(String.raw`"\u12G4"`)[0]).toBe(
      String.raw`MalformedEscapeSequence: Invalid escape sequence: '\u12G' 1:6`,
    )
    expect(lex(String.raw`"\uD800"`)[0]).toBe(
      String.raw`MalformedEscapeSequence: Invalid escape sequence: '\uD800' 1:7`,
    )
  })

  it('blames an open string at its opening', () => {
    expect(lex('x "abc\n"')[1]).toBe('UnterminatedString: Open string is not terminated 1:3')
    expect(lex('\n `abc')[0]).toBe('UnterminatedString: Open string is not terminated 2:2')
    expect(lex('##"abc"#')[0]).toBe('UnterminatedString: Open string is not terminated 1:1')
  })

  it('goes on after a backslash at the end of a line, up to the column of the opening', () => {
    expect(texts('  "one \\\n     two"')).toEqual(['STRING "one   two"'])
  })

  it('drops the line break that follows an opening back-tick', () => {
    expect(texts('`\nfirst\r\nsecond`')).toEqual(['STRING "first\\nsecond"'])
  })

  it('stops at an interpolation but not at an escaped one', () => {
    expect(texts(`\`a\\\${b} \`\`c\`\` \${`)).toEqual([`TEXT "a\${b} \`c\` "`, '{'])
  })

  it('takes raw strings as they are, quotes and line breaks included', () => {
    expect(lex('##"a\\n"#\n"## x')).toEqual(['STRING "a\\\\n\\"#\\n" 1:1', 'NAME x 2:5'])
  })

  it('takes exactly one character in single quotes', () => {
    expect(texts(String.raw`'a' '\n' '\'' '😀' 'ab'`)).toEqual([
      'CHAR "a"',
      String.raw`CHAR "\n"`,
      'CHAR "\'"',
      'CHAR "😀"',
      "MalformedChar: Invalid character: 'ab'",
    ])
    expect(texts("''")).toContain("MalformedChar: Invalid character: ''")
  })
})

describe('words', () => {
  it('tells names, keywords and reserved words apart', () => {
    expect(texts('_ _x x1 if print async __ exit')).toEqual([
      '_',
      'NAME _x',
      'NAME x1',
      'if',
      'RESERVED print',
      'RESERVED async',
      "MalformedIdentifier: Variable name is not proper: '__'",
      'NAME exit',
    ])
  })

  it('refuses letters outside ASCII, whole', () => {
    expect(lex('é😀')).toEqual([
      "UnexpectedInput: Unexpected 'é' 1:1",
      "UnexpectedInput: Unexpected '😀' 1:2",
    ])
  })
})

describe('symbols', () => {
  it('takes the longest that fits', () => {
    expect(texts('** **= << <<= .. ..= ... ?. ?[ ?? !in !inx ()')).toEqual([
      ...['**', '**=', '<<', '<<=', '..', '..=', 'RESERVED ...', '?.', '?[', '??'],
      ...['!in', '!', 'NAME inx', '()'],
    ])
  })

  it('explains symbols of other languages', () => {
    expect(texts('===')[0]).toBe(
      "ImproperSymbol: '===' is not a valid operator. This is not JavaScript! Should it be '=='?",
    )
    expect(texts('# {')[0]).toBe("ImproperSymbol: '#' is not a valid symbol. Should it be '#{'?")
  })
})

describe('comments', () => {
  it('nest, and may stay open at the end', () => {
    expect(lex('a /* /* */ b */ c // d\n/* e')).toEqual(['NAME a 1:1', 'NAME c 1:17'])
  })

  it('are handed to the token they document', () => {
    const lexer = new Lexer('/// one\n//// no\n/** two */ fn //! script\n x')
    lexer.peek()
    expect(lexer.token.documentation).toEqual(['/// one', '/** two */'])
    lexer.skip()
    lexer.peek()
    expect(lexer.token.documentation).toEqual([])
    expect(lexer.scriptDocumentation).toEqual(['//! script'])
  })
})

it('counts columns in characters, not in UTF-16 units', () => {
  expect(lex('"😀" a /* 😀 */ b')).toEqual(['STRING "😀" 1:1', 'NAME a 1:5', 'NAME b 1:15'])
})
