/**
 * What a page can ask of an editor, through `bind:this`.
 *
 * @module
 */

export interface RhaiEditorHandle {
  /** Brings a line into view; the cursor and the focus stay. Lines and columns count from 1. */
  show(line: number): void
  /** Puts the cursor there, in view, and the focus into the editor. */
  focusAt(line: number, column?: number): void
}

/** A line that is marked, with what there is to say about it. */
export interface MarkedLine {
  /** Counts from 1. */
  readonly line: number
  readonly message: string
}
