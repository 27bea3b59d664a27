/**
 * One line that stands out, with a message below it: where an execution stopped.
 *
 * The message goes when the text of the line is changed.
 *
 * @module
 */
import { type Extension, StateEffect, StateField } from '@codemirror/state'
import { Decoration, type DecorationSet, EditorView, WidgetType } from '@codemirror/view'
import type { MarkedLine } from './editor-handle.ts'

export const markLine = StateEffect.define<MarkedLine | null>()

class Message extends WidgetType {
  readonly #text: string

  constructor(text: string) {
    super()
    this.#text = text
  }

  override eq(other: Message): boolean {
    return other.#text === this.#text
  }

  override toDOM(): HTMLElement {
    const element = document.createElement('div')
    element.className = 'cm-markedMessage'
    element.setAttribute('role', 'note')
    element.textContent = this.#text
    return element
  }
}

const marked = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(before, transaction) {
    let decorations = before.map(transaction.changes)
    transaction.changes.iterChangedRanges((from, to) => {
      const start = transaction.startState.doc.lineAt(from).from
      const end = transaction.startState.doc.lineAt(to).to
      before.between(start, end, () => {
        decorations = Decoration.none
      })
    })
    for (const effect of transaction.effects) {
      if (!effect.is(markLine)) continue
      const { value } = effect
      decorations = value === null ? Decoration.none : decorationsOf(value, transaction.newDoc)
    }
    return decorations
  },
  provide: (field) => EditorView.decorations.from(field),
})

function decorationsOf({ line, message }: MarkedLine, doc: EditorView['state']['doc']) {
  if (line < 1 || line > doc.lines) return Decoration.none
  const { from, to } = doc.line(line)
  const widget = new Message(message)
  return Decoration.set([
    Decoration.line({ class: 'cm-markedLine' }).range(from),
    ...(message === '' ? [] : [Decoration.widget({ widget, side: 1, block: true }).range(to)]),
  ])
}

export const markedLine: Extension = [
  marked,
  EditorView.baseTheme({
    '.cm-markedLine': { backgroundColor: 'var(--bad-soft) !important' },
    '.cm-markedMessage': {
      padding: '0.15rem 0.75rem 0.25rem',
      backgroundColor: 'var(--bad-soft)',
      color: 'var(--bad)',
      fontFamily: 'system-ui, sans-serif',
      whiteSpace: 'pre-wrap',
    },
  }),
]
