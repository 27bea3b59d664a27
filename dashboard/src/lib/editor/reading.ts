/**
 * Code to read: what every place that shows code has.
 *
 * @module
 */
import { codeFolding, foldGutter, foldKeymap } from '@codemirror/language'
import { search, searchKeymap } from '@codemirror/search'
import type { Extension } from '@codemirror/state'
import { EditorView, highlightSpecialChars, keymap, lineNumbers } from '@codemirror/view'
import { appearance } from './appearance.ts'
import { rhaiLanguage } from './language/rhai-language.ts'

/** Colours, line numbers, folds, search. */
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
