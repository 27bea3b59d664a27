/**
 * What every place that shows code has, and what one to write it in has besides.
 *
 * @module
 */
import { acceptCompletion, closeBrackets, closeBracketsKeymap } from '@codemirror/autocomplete'
import { defaultKeymap, history, historyKeymap, indentWithTab } from '@codemirror/commands'
import {
  bracketMatching,
  codeFolding,
  foldGutter,
  foldKeymap,
  indentOnInput,
  indentUnit,
} from '@codemirror/language'
import { highlightSelectionMatches, search, searchKeymap } from '@codemirror/search'
import { EditorState, type Extension } from '@codemirror/state'
import {
  crosshairCursor,
  drawSelection,
  dropCursor,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  highlightSpecialChars,
  keymap,
  lineNumbers,
  rectangularSelection,
} from '@codemirror/view'
import { appearance } from './appearance.ts'
import { rhaiLanguage } from './language/rhai-language.ts'

/** Code to read: colours, line numbers, folds, search. */
export const reading: Extension = [
  appearance,
  rhaiLanguage,
  lineNumbers(),
  codeFolding(),
  foldGutter({ markerDOM: foldMarker }),
  highlightSpecialChars(),
  search({ top: true }),
  keymap.of([...searchKeymap, ...foldKeymap]),
]

/** Code to write. Keys given here come after those of `reading`. */
export const writing: Extension = [
  history(),
  drawSelection(),
  dropCursor(),
  EditorState.allowMultipleSelections.of(true),
  rectangularSelection(),
  crosshairCursor(),
  indentUnit.of('    '),
  indentOnInput(),
  bracketMatching(),
  closeBrackets(),
  highlightActiveLine(),
  highlightActiveLineGutter(),
  highlightSelectionMatches(),
  keymap.of([
    { key: 'Tab', run: acceptCompletion },
    ...closeBracketsKeymap,
    ...defaultKeymap,
    ...historyKeymap,
    indentWithTab,
  ]),
]

/** On a phone long lines are broken: there is no room to scroll sideways. */
export function wrapping(): Extension {
  return matchMedia('(max-width: 40rem)').matches ? EditorView.lineWrapping : []
}

function foldMarker(isOpen: boolean): HTMLElement {
  const marker = document.createElement('span')
  marker.textContent = isOpen ? '⌄' : '›'
  marker.title = isOpen ? 'Fold' : 'Unfold'
  return marker
}
