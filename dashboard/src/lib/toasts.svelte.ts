/**
 * Short messages at the edge of the page, about what was done just now.
 *
 * @module
 */
export interface Toast {
  readonly id: number
  readonly text: string
  readonly tone: 'good' | 'bad'
}

const SHOWN_MS = 5_000
/** More at once nobody reads. */
const TOASTS_MAX = 3

class Toasts {
  items = $state.raw<readonly Toast[]>([])
  #next = 0

  say(text: string, tone: Toast['tone'] = 'good'): void {
    const id = this.#next++
    this.items = [...this.items, { id, text, tone }].slice(-TOASTS_MAX)
    setTimeout(() => this.dismiss(id), SHOWN_MS)
  }

  dismiss(id: number): void {
    this.items = this.items.filter((toast) => toast.id !== id)
  }
}

export const toasts = new Toasts()
