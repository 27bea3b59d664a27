import { type Completion, CompletionContext } from '@codemirror/autocomplete'
import { ensureSyntaxTree, syntaxTree } from '@codemirror/language'
import { EditorState } from '@codemirror/state'
import { describe, expect, it } from 'vitest'
import { rhaiLanguage } from '../language/rhai-language.ts'
import { rhaiCompletions } from './completions.ts'
import { knownAt } from './hover.ts'

/** The text up to the mark is what was typed; the mark is taken out. */
function stateAt(marked: string): { state: EditorState; position: number } {
  const position = marked.indexOf('¦')
  const state = EditorState.create({ doc: marked.replace('¦', ''), extensions: [rhaiLanguage] })
  ensureSyntaxTree(state, state.doc.length, 5_000)
  return { state, position }
}

async function optionsAt(marked: string): Promise<readonly Completion[]> {
  const { state, position } = stateAt(marked)
  const source = rhaiCompletions(() => ['texts', 'orders'])
  const result = await source(new CompletionContext(state, position, false))
  return result?.options ?? []
}

async function labelsAt(marked: string): Promise<readonly string[]> {
  return (await optionsAt(marked)).map(({ label }) => label)
}

describe('completion', () => {
  it.each([
    ['kv::¦', ['get', 'set', 'incr', 'transaction'], ['len', 'request']],
    ['let a = time::pa¦', ['parse', 'parts'], ['get']],
    ['request.¦', ['method', 'query', 'body', 'headers'], ['len', 'version']],
    ['ctx.¦', ['app', 'version', 'deadline_ms'], ['method']],
    ['request.query.¦', ['contains', 'keys'], ['method']],
    ['"text".to_¦', ['to_upper', 'to_string'], ['get_fn_metadata_list']],
    ['import "¦', ['texts', 'orders'], ['let']],
    ['r¦', ['request', 'ctx', 'return', 'kv', 'parse_int', 'print'], ['to_upper', 'incr']],
  ])('at %j', async (marked, present, absent) => {
    const labels = await labelsAt(marked)
    expect(labels).toEqual(expect.arrayContaining(present))
    expect(labels.filter((label) => absent.includes(label))).toEqual([])
  })

  it.each([
    '// r¦',
    '/* r¦ */',
    '"r¦"',
    'let r¦',
    'fn r¦',
    'fn f(r¦) {}',
    '1r¦',
    '1..r¦x.',
    '5.¦',
    '¦',
  ])('is silent at %j', async (marked) => {
    const labels = await labelsAt(marked)
    expect(labels.filter((label) => label === 'to_upper' || label === 'len')).toEqual([])
    if (!marked.includes('..')) expect(labels).toEqual([])
  })

  it('knows what is defined before, around and for the whole script', async () => {
    const labels = await labelsAt(
      'import "texts" as t;\nlet outside = 1;\nfn f(param) {\n  let a = 1;\n' +
        '  for item in a { let b = |x| { let c = x; v¦ }; }\n  let later = 1;\n}\nfn g() {}',
    )
    const names = ['t', 'param', 'a', 'item', 'x', 'c', 'f', 'g']
    for (const name of names) expect(labels, name).toContain(name)
    for (const name of ['outside', 'later', 'b']) expect(labels, name).not.toContain(name)
  })

  it('goes on in the code of a back-tick string', async () => {
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is Rhai's
    expect(await labelsAt('`a ${ctx.¦}`')).toContain('app')
    expect(await labelsAt('`a ctx.¦`')).toEqual([])
  })

  it('shows the doc comments and parameters of a function of the script', async () => {
    const options = await optionsAt('/// Greets.\n/// Twice.\nfn greet(name, times) {}\ngr¦')
    const { info, detail } = options.find(({ label }) => label === 'greet') ?? {}
    expect({ info, detail }).toEqual({ info: 'Greets.\nTwice.', detail: '(name, times)' })
  })
})

describe('help', () => {
  it.each([
    ['kv::in¦cr("a")', ['kv::incr(key)', 'kv::incr(key, by)', 'kv::incr(key, by, options)']],
    ['request.me¦thod', ['request.method']],
    ['a.to_up¦per()', ['text.to_upper()']],
    ['par¦se_int("1")', ['parse_int(text)', 'parse_int(text, radix)']],
    ['fn double(n) { n }\ndou¦ble(1)', ['double(n)']],
    ['let par¦se_int = 1', []],
    ['par¦se_int', []],
  ])('at %j', (marked, calls) => {
    const { state, position } = stateAt(marked)
    const node = syntaxTree(state).resolveInner(position, 1)
    expect(knownAt(state, node).flatMap((each) => each.calls)).toEqual(calls)
  })
})
