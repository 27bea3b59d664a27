/**
 * How editors look: the dashboard's own colours, which follow light and dark by themselves.
 *
 * The colours of code are the variables of `editor.css`; contrast of each on the card is 4.5 or more.
 *
 * @module
 */
import { HighlightStyle, syntaxHighlighting } from '@codemirror/language'
import type { Extension } from '@codemirror/state'
import { EditorView } from '@codemirror/view'
import { tags as t } from '@lezer/highlight'

const color = (name: string) => ({ color: `var(--code-${name})` })

const highlights = HighlightStyle.define([
  { tag: [t.keyword, t.controlKeyword, t.moduleKeyword, t.operatorKeyword], ...color('keyword') },
  { tag: [t.definitionKeyword, t.self], ...color('keyword') },
  { tag: [t.string, t.character], ...color('string') },
  { tag: [t.escape, t.special(t.brace)], ...color('escape') },
  { tag: [t.number, t.bool], ...color('number') },
  { tag: [t.comment, t.lineComment, t.blockComment], ...color('comment'), fontStyle: 'italic' },
  { tag: t.docComment, ...color('doc') },
  { tag: [t.function(t.variableName), t.function(t.propertyName)], ...color('function') },
  { tag: t.definition(t.function(t.variableName)), ...color('function'), fontWeight: '600' },
  { tag: [t.namespace, t.typeName], ...color('module') },
  { tag: t.definition(t.propertyName), ...color('property') },
  { tag: [t.operator, t.separator, t.derefOperator], ...color('quiet') },
])

const theme = EditorView.theme({
  '&': { height: '100%', color: 'var(--ink)', backgroundColor: 'transparent' },
  // The frame around the editor shows the focus.
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': { fontFamily: 'var(--mono)', fontSize: 'var(--code-size)', lineHeight: '1.55' },
  '.cm-content': { padding: '0.6rem 0', caretColor: 'var(--accent)' },
  '.cm-cursor, .cm-dropCursor': { borderLeftColor: 'var(--accent)', borderLeftWidth: '2px' },
  '.cm-selectionBackground, &.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground':
    { backgroundColor: 'var(--code-selection)' },
  '.cm-gutters': {
    backgroundColor: 'transparent',
    color: 'var(--quiet)',
    border: 'none',
  },
  '.cm-foldGutter .cm-gutterElement': { cursor: 'pointer' },
  '.cm-activeLine, .cm-activeLineGutter': { backgroundColor: 'var(--code-line)' },
  '.cm-foldPlaceholder': {
    backgroundColor: 'var(--sunken)',
    borderColor: 'var(--line)',
    color: 'var(--quiet)',
  },
  '&.cm-focused .cm-matchingBracket, .cm-matchingBracket': {
    backgroundColor: 'var(--accent-soft)',
    outline: '1px solid var(--accent)',
  },
  '&.cm-focused .cm-nonmatchingBracket, .cm-nonmatchingBracket': {
    backgroundColor: 'var(--bad-soft)',
  },
  '.cm-selectionMatch': { backgroundColor: 'var(--accent-soft)' },
  '.cm-searchMatch': { backgroundColor: 'var(--warn-soft)', outline: '1px solid var(--warn)' },
  '.cm-searchMatch-selected': { backgroundColor: 'var(--code-selection)' },
  '.cm-panels': { backgroundColor: 'var(--sunken)', color: 'var(--ink)' },
  '.cm-panels-bottom': { borderTop: '1px solid var(--line)' },
  '.cm-panels-top': { borderBottom: '1px solid var(--line)' },
  '.cm-tooltip': {
    backgroundColor: 'var(--card)',
    color: 'var(--ink)',
    border: '1px solid var(--line-strong)',
    borderRadius: 'var(--radius)',
    boxShadow: '0 4px 14px var(--code-shadow)',
    fontSize: 'var(--small)',
  },
  '.cm-tooltip-autocomplete > ul > li[aria-selected]': {
    backgroundColor: 'var(--accent)',
    color: 'var(--on-accent)',
  },
  '.cm-tooltip.cm-tooltip-autocomplete > ul': { fontFamily: 'var(--mono)', maxHeight: '14em' },
  '.cm-completionDetail': { color: 'var(--quiet)', fontStyle: 'normal' },
  '[aria-selected] > .cm-completionDetail': { color: 'inherit' },
  '.cm-completionMatchedText': { textDecoration: 'none', fontWeight: '700' },
  '.cm-reference': { padding: '0.3rem 0.5rem', maxWidth: '34rem' },
  '.cm-reference > code': {
    display: 'block',
    color: 'var(--code-function)',
    whiteSpace: 'pre-wrap',
  },
  '.cm-reference > p': { margin: '0.3rem 0 0', fontFamily: 'system-ui, sans-serif' },
  '.cm-referenceTooltip > * + *': { borderTop: '1px solid var(--line)' },
  '.cm-completionInfo': { fontFamily: 'system-ui, sans-serif' },
  '.cm-diagnostic-error': { borderLeftColor: 'var(--bad)' },
  '.cm-diagnostic-warning': { borderLeftColor: 'var(--warn)' },
})

/** Colours of code and of everything around it. */
export const appearance: Extension = [theme, syntaxHighlighting(highlights)]

/** Colours of what differs between two texts. */
export const diffAppearance: Extension = EditorView.theme({
  '&': { height: 'auto' },
  '&.cm-merge-a .cm-changedLine, .cm-deletedChunk': { backgroundColor: 'var(--bad-soft)' },
  '&.cm-merge-b .cm-changedLine, & .cm-changedLine.cm-insertedLine, .cm-inlineChangedLine': {
    backgroundColor: 'var(--good-soft)',
  },
  // Underlined: on a deeper ground the colours of code could not all be read.
  '&.cm-merge-a .cm-changedText, .cm-deletedChunk .cm-deletedText': {
    background: 'none',
    boxShadow: 'inset 0 -2px 0 var(--bad)',
  },
  '&.cm-merge-b .cm-changedText, .cm-inlineChangedLine .cm-changedText': {
    background: 'none',
    boxShadow: 'inset 0 -2px 0 var(--good)',
  },
  '&.cm-merge-a .cm-changedLineGutter, .cm-deletedLineGutter': { background: 'var(--bad)' },
  '&.cm-merge-b .cm-changedLineGutter': { background: 'var(--good)' },
  '.cm-collapsedLines': {
    background: 'var(--sunken)',
    color: 'var(--quiet)',
    fontFamily: 'system-ui, sans-serif',
    // The library's own sign is in few fonts.
    '&:before, &:after': { content: '"⋯"' },
  },
})
