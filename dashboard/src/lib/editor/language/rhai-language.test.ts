import { ensureSyntaxTree, foldable, getIndentation, indentUnit } from '@codemirror/language'
import { EditorState } from '@codemirror/state'
import { classHighlighter, highlightTree } from '@lezer/highlight'
import { describe, expect, it } from 'vitest'
import { rhaiLanguage } from './rhai-language.ts'

const PARSE_MS = 5_000

function stateOf(doc: string): EditorState {
  return EditorState.create({ doc, extensions: [rhaiLanguage, indentUnit.of('    ')] })
}

/** Each piece of text that is highlighted, with its class less the `tok-`. */
function tokens(source: string): string[] {
  const found: string[] = []
  highlightTree(rhaiLanguage.parser.parse(source), classHighlighter, (from, to, classes) => {
    found.push(`${source.slice(from, to)} ${classes.replaceAll('tok-', '')}`)
  })
  return found
}

function nodes(source: string): string {
  return rhaiLanguage.parser.parse(source).toString()
}

describe('tokens', () => {
  it.each(
    [['1_000', '0xff_FF', '0o17', '0b1010', '0_x1f', '1.5', '1e10', '1.5e-3', '1_0e+2']].flat(),
  )('reads the number %s whole', (number) => {
    expect(tokens(number)).toEqual([`${number} number`])
  })

  it.each([
    ['2. + 1', ['2. number', '+ operator', '1 number']],
    ['1..5', ['1 number', '.. operator', '5 number']],
    ['1.abs()', ['1 number', '. operator', 'abs propertyName', '( punctuation', ') punctuation']],
    ['1.e', ['1 number', '. operator', 'e propertyName']],
  ])('ends the number in %s at the period', (source, expected) => {
    expect(tokens(source)).toEqual(expected)
  })

  it('nests block comments, and knows those that document', () => {
    const source = '/* a /* b */ c */ /** d */ /*** e */ /// f\n//// g\n//! h\n// i'
    expect(nodes(source)).toBe(
      'Script(BlockComment,DocComment,BlockComment,DocComment,LineComment,DocComment,LineComment)',
    )
  })

  it('tells escapes in strings, and doubled quotes', () => {
    expect(tokens(String.raw`"a\n\x41\u00e9""b"`)).toEqual([
      '"a string',
      String.raw`\n string2`,
      String.raw`\x41 string2`,
      String.raw`\u00e9 string2`,
      '"" string2',
      'b" string',
    ])
  })

  it('ends an open string at the end of its line', () => {
    expect(nodes('let a = "open\nlet b = 1;')).toBe(
      'Script(LetStatement(let,VariableDefinition,"=",String),' +
        'LetStatement(let,VariableDefinition,"=",Number,";"))',
    )
  })

  it('reads code in back-tick strings, however deep', () => {
    const inner =
      'TemplateString(Interpolation(InterpolationStart,ExpressionStatement(VariableName),InterpolationEnd("}")))'
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is Rhai's
    const source = '`a ``b`` \\${c} ${ `${d}` } e`'
    expect(nodes(source)).toBe(
      `Script(ExpressionStatement(TemplateString(Escape,Escape,Escape,Interpolation(InterpolationStart,ExpressionStatement(${inner}),InterpolationEnd("}")))))`,
    )
  })

  it('reads raw strings with hashes inside', () => {
    expect(tokens('##"a "# b"## + 1')).toEqual(['##"a "# b"## string', '+ operator', '1 number'])
  })

  it('tells module paths, calls, methods, definitions and words of the language apart', () => {
    expect(tokens('private fn f(a) { m::n::g(a.h(), this.k) !in a }')).toEqual([
      'private keyword',
      'fn keyword',
      'f variableName definition',
      '( punctuation',
      'a variableName definition',
      ') punctuation',
      '{ punctuation',
      'm namespace',
      ':: operator',
      'n namespace',
      ':: operator',
      'g variableName',
      '( punctuation',
      'a variableName',
      '. operator',
      'h propertyName',
      '( punctuation',
      ') punctuation',
      ', punctuation',
      'this keyword',
      '. operator',
      'k propertyName',
      ') punctuation',
      '!in keyword',
      'a variableName',
      '} punctuation',
    ])
  })

  it('ends a statement that is a block, and goes on from an operand that is one', () => {
    expect(nodes('if a { } -b')).toContain(
      'IfExpression(if,VariableName,Block("{","}")),Expression',
    )
    expect(nodes('let x = if a { } - b')).toContain('BinaryExpression(IfExpression')
    expect(nodes('switch a { 1 | 2..=3 if b => { } _ => |x| x }')).not.toContain('⚠')
  })
})

describe('folds', () => {
  /** What is folded away from the line that begins with `start`. */
  function folded(source: string, start: string): string | null {
    const state = stateOf(source)
    ensureSyntaxTree(state, source.length, PARSE_MS)
    const line = state.doc.lineAt(source.indexOf(start))
    const range = foldable(state, line.from, line.to)
    return range === null ? null : source.slice(range.from, range.to)
  }

  it.each([
    ['fn f() {\n    1\n}', 'fn', '\n    1\n'],
    ['let a = #{\n    b: 1\n};', 'let', '\n    b: 1\n'],
    ['let a = [\n    1\n];', 'let', '\n    1\n'],
    ['switch a {\n    _ => 1\n}', 'switch', '\n    _ => 1\n'],
    ['/* a\n * b\n */', '/*', ' a\n * b\n '],
    ['let a = [1];', 'let', null],
    ['// a\n// b', '//', null],
  ])('of %j', (source, start, expected) => {
    expect(folded(source, start)).toBe(expected)
  })
})

describe('indentation', () => {
  /** Of the line that holds `|`. */
  function indentOf(marked: string): number | null {
    const at = marked.indexOf('¦')
    const state = stateOf(marked.replace('¦', ''))
    ensureSyntaxTree(state, state.doc.length, PARSE_MS)
    return getIndentation(state, at)
  }

  it.each([
    ['fn f() {\n¦', 4],
    ['fn f() {\n    if a {\n¦', 8],
    ['fn f() {\n    1\n¦}', 0],
    ['let a = #{\n¦', 4],
    ['let a = #{\n    b: 1\n¦};', 0],
    ['f(\n¦', 4],
    ['let a = list\n¦.map(|x| x)', 4],
    ['switch a {\n    1 => {\n¦', 8],
    ['if a {\n}\n¦', 0],
    ['let a = 1;\n¦', 0],
    ['list.map(|x| {\n¦', 4],
  ])('of %j', (source, expected) => {
    expect(indentOf(source)).toBe(expected)
  })
})
