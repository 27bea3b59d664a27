/**
 * Why a script's value cannot become its answer.
 *
 * @module
 */

/** HTTP cannot carry it: a wrong status, header or body. */
export class AnswerError extends Error {
  override readonly name = 'AnswerError'
}

/** It is longer than `outputBytesMax`. */
export class OutputLimitError extends Error {
  override readonly name = 'OutputLimitError'
  readonly bytesMax: number

  constructor(bytesMax: number) {
    super(`The answer is longer than ${bytesMax} bytes.`)
    this.bytesMax = bytesMax
  }
}
