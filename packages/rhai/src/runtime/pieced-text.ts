/**
 * A text made of many pieces, charged and held to the string limit while it grows.
 *
 * JavaScript keeps a text that was put together with `+` as a tree of its parts until it is first
 * looked at, which for small parts takes many times the memory of the text. So a block is looked
 * at when it is full.
 *
 * @module
 */
import type { CallContext } from './call-context.ts'
import { chargeText } from './metering.ts'
import { checkStringSize } from './size-limits.ts'

const BLOCK_UNITS = 16_384

export class PiecedText {
  readonly #context: CallContext
  readonly #blocks: string[] = []
  #block = ''
  #lengthOfBlocks = 0

  constructor(context: CallContext) {
    this.#context = context
  }

  get length(): number {
    return this.#lengthOfBlocks + this.#block.length
  }

  /** Who adds many pieces charges for each. @throws RhaiError when the text gets too long */
  add(piece: string): void {
    this.#block += piece
    if (this.#block.length >= BLOCK_UNITS) this.#closeBlock()
  }

  /** @throws RhaiError when the text is too long */
  finish(): string {
    this.#closeBlock()
    return this.#blocks.length === 1 ? (this.#blocks[0] as string) : this.#blocks.join('')
  }

  #closeBlock(): void {
    const block = this.#block
    this.#lengthOfBlocks += block.length
    checkStringSize(this.#context, this.#lengthOfBlocks)
    chargeText(this.#context, block.length)
    block.charCodeAt(0)
    this.#blocks.push(block)
    this.#block = ''
  }
}
