/**
 * What may stand at a place: names of the script, of the language and of the platform.
 *
 * @module
 */
import {
  type Completion,
  type CompletionContext,
  type CompletionResult,
  type CompletionSource,
  snippetCompletion,
} from '@codemirror/autocomplete'
import { syntaxTree } from '@codemirror/language'
import { infoOf } from './info.ts'
import { type OwnFunction, ownFunctions, ownVariables } from './own-names.ts'
import {
  type KnownSymbol,
  librarySymbols,
  memberSymbols,
  methodSymbols,
  moduleSymbols,
  partsOf,
} from './symbols.ts'

const KEYWORDS = [
  ...['let', 'const', 'fn', 'private', 'if', 'else', 'switch', 'while', 'until', 'loop', 'do'],
  ...[
    'for',
    'in',
    'return',
    'throw',
    'break',
    'continue',
    'try',
    'catch',
    'import',
    'export',
    'as',
  ],
  ...['true', 'false', 'this'],
]

/* biome-ignore-start lint/suspicious/noTemplateCurlyInString: places to fill in */
const SNIPPETS: readonly Completion[] = [
  ['fn', 'a function', 'fn ${name}(${}) {\n\t${}\n}'],
  ['for', 'over items', 'for ${item} in ${items} {\n\t${}\n}'],
  ['if', 'with a block', 'if ${condition} {\n\t${}\n}'],
  ['switch', 'with cases', 'switch ${value} {\n\t${1} => ${},\n\t_ => ${}\n}'],
  ['try', 'and catch', 'try {\n\t${}\n} catch (error) {\n\t${}\n}'],
  ['throw', 'an answer with a status', 'throw #{ status: ${404}, message: "${}" };'],
].map(([label = '', detail = '', template = '']) =>
  snippetCompletion(template, { label, detail, type: 'keyword', boost: -1 }),
)
/* biome-ignore-end lint/suspicious/noTemplateCurlyInString: places to fill in */

const SILENT = new Set([
  ...['String', 'RawString', 'TemplateString', 'Char', 'Escape', 'Number'],
  ...['LineComment', 'BlockComment', 'DocComment'],
  ...['VariableDefinition', 'FunctionName', 'ModuleDefinition', 'PropertyDefinition', 'TypeName'],
])

/** @param scriptNames the scripts that can be imported */
export function rhaiCompletions(scriptNames: () => readonly string[]): CompletionSource {
  return (context) => {
    const node = syntaxTree(context.state).resolveInner(context.pos, -1)
    const imported = importedName(context, scriptNames())
    if (imported !== null) return imported
    if (SILENT.has(node.name)) return null
    return ofModule(context) ?? ofMember(context) ?? ofAnything(context)
  }
}

/** `import "..` */
function importedName(
  context: CompletionContext,
  scriptNames: readonly string[],
): CompletionResult | null {
  const before = context.matchBefore(/\bimport\s+"[^"\n]*/)
  if (before === null) return null
  const from = before.from + before.text.indexOf('"') + 1
  return {
    from,
    options: scriptNames.map((label) => ({ label, type: 'module' })),
    validFor: /^[^"]*$/,
  }
}

/** `kv::..` */
function ofModule(context: CompletionContext): CompletionResult | null {
  const before = context.matchBefore(/\b\w+::\w*/)
  if (before === null) return null
  const [module = '', name = ''] = before.text.split('::')
  const options = (moduleSymbols.get(module) ?? []).map(completionOf)
  return { from: context.pos - name.length, options, validFor: WORD }
}

/** `request.query..`, `text.len..` */
function ofMember(context: CompletionContext): CompletionResult | null {
  const before = context.matchBefore(/\??\.\s*\w*/)
  if (before === null) return null
  // A second period makes a range; a digit in front makes a number.
  const [, holder = '', lead = ''] =
    /(\w*)([^\w\s]?)$/.exec(context.state.sliceDoc(Math.max(0, before.from - 100), before.from)) ??
    []
  if (lead === '.' || /^\d/.test(holder)) return null
  const from = before.to - (/\w*$/.exec(before.text)?.[0].length ?? 0)
  const known = memberSymbols.get(holder)
  return { from, options: (known ?? methodSymbols).map(completionOf), validFor: WORD }
}

function ofAnything(context: CompletionContext): CompletionResult | null {
  const before = context.matchBefore(/\w+/)
  if (before === null ? !context.explicit : /^\d/.test(before.text)) return null
  const { state, pos } = context
  return {
    from: before?.from ?? pos,
    options: [
      ...ownVariables(state, before?.from ?? pos).map((label) => ({
        label,
        type: 'variable',
        boost: 2,
      })),
      ...ownFunctions(state).map(completionOfOwn),
      ...GIVEN,
      ...KEYWORDS.map((label) => ({ label, type: 'keyword' })),
      ...SNIPPETS,
    ],
    validFor: WORD,
  }
}

const WORD = /^\w*$/

function completionOf(symbol: KnownSymbol): Completion {
  const { name, kind, calls } = symbol
  const params = calls.map((call) => partsOf(call).params)
  const takesNone = params.some((list) => list === null || list.length === 0)
  const isCalled = params.some((list) => list !== null)
  const isProperty = params.includes(null)
  const first = params[0]
  const detail = isProperty || first == null ? undefined : `(${first.join(', ')})`
  return {
    label: name,
    ...(detail !== undefined && { detail }),
    type: kind,
    info: () => infoOf(symbol),
    boost: kind === 'function' ? 0 : 1,
    ...(isCalled && !isProperty && { apply: callOf(name, takesNone && params.length === 1) }),
  }
}

function completionOfOwn(own: OwnFunction): Completion {
  const { name, params, documentation } = own
  return {
    label: name,
    type: 'function',
    detail: `(${params.join(', ')})`,
    boost: 3,
    apply: callOf(name, params.length === 0),
    ...(documentation !== '' && { info: documentation }),
  }
}

/** Writes the parentheses of a call too, unless they are there, and puts the cursor between them. */
function callOf(name: string, takesNothing: boolean): NonNullable<Completion['apply']> {
  return (view, _completion, from, to) => {
    const isCalled = view.state.sliceDoc(to, to + 1) === '('
    const insert = isCalled ? name : `${name}()`
    const anchor = from + name.length + (takesNothing && !isCalled ? 2 : 1)
    view.dispatch({
      changes: { from, to, insert },
      selection: { anchor: isCalled ? from + name.length : anchor },
      userEvent: 'input.complete',
    })
  }
}

const GIVEN: readonly Completion[] = [
  {
    label: 'request',
    type: 'variable',
    boost: 1,
    info: 'What was asked: method, path, query, headers, body ..',
  },
  { label: 'ctx', type: 'variable', boost: 1, info: 'What runs: app, script, version, trigger ..' },
  ...librarySymbols.map(completionOf),
  ...[...moduleSymbols.keys()].map((label) => ({
    label,
    type: 'namespace',
    apply: `${label}::`,
    detail: '::',
  })),
]
