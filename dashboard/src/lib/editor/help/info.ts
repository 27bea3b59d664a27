/**
 * What a person reads about a name: how it is written, what it gives, what it does.
 *
 * @module
 */
import type { KnownSymbol } from './symbols.ts'

export function infoOf({
  calls,
  gives,
  text,
}: Pick<KnownSymbol, 'calls' | 'gives' | 'text'>): HTMLElement {
  const info = document.createElement('div')
  info.className = 'cm-reference'
  for (const call of calls) {
    const line = info.appendChild(document.createElement('code'))
    line.textContent = gives === '' ? call : `${call} → ${gives.replaceAll('`', '')}`
  }
  if (text !== '') info.append(paragraph(text))
  return info
}

/** Text with code in back-ticks; nothing in it is taken for HTML. */
function paragraph(text: string): HTMLElement {
  const element = document.createElement('p')
  for (const [index, piece] of text.split('`').entries()) {
    if (index % 2 === 0) {
      element.append(piece)
    } else {
      element.appendChild(document.createElement('code')).textContent = piece
    }
  }
  return element
}
