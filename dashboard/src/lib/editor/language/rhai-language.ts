/**
 * Rhai as an editor knows it: colours, folds, indentation, brackets and comments.
 *
 * @module
 */
import {
  continuedIndent,
  delimitedIndent,
  foldInside,
  foldNodeProp,
  indentNodeProp,
  LRLanguage,
} from '@codemirror/language'
import type { SyntaxNode } from '@lezer/common'
import { parser } from './generated/parser.ts'
import { rhaiHighlight } from './rhai-highlight.ts'

/** What stands between the ends of a comment over several lines; null for any other comment. */
function insideComment(node: SyntaxNode): { from: number; to: number } | null {
  const end = node.to - 2
  return end > node.from + 2 ? { from: node.from + 2, to: end } : null
}

const indentation = indentNodeProp.add({
  'Block SwitchBody': delimitedIndent({ closing: '}' }),
  MapLiteral: delimitedIndent({ closing: '}' }),
  ArrayLiteral: delimitedIndent({ closing: ']' }),
  'ArgList ParamList ParenthesizedExpression': delimitedIndent({ closing: ')' }),
  Interpolation: delimitedIndent({ closing: '}' }),
  // The text of a string or comment is the author's.
  'TemplateString RawString BlockComment DocComment': () => null,
  'LetStatement ExpressionStatement JumpStatement MapEntry SwitchCase MemberExpression':
    continuedIndent({ except: /^\s*(?:[{}\])]|else\b|catch\b)/ }),
})

const folds = foldNodeProp.add({
  'Block SwitchBody MapLiteral ArrayLiteral ArgList': foldInside,
  'BlockComment DocComment': insideComment,
})

export const rhaiLanguage = LRLanguage.define({
  name: 'rhai',
  parser: parser.configure({ props: [rhaiHighlight, indentation, folds] }),
  languageData: {
    commentTokens: { line: '//', block: { open: '/*', close: '*/' } },
    closeBrackets: { brackets: ['(', '[', '{', '"', '`', "'"] },
    indentOnInput: /^\s*[}\])]$/,
    wordChars: '_',
  },
})
