/**
 * How the frame protocol fails.
 *
 * A sandbox loads this file and must start fast: importing the shared error base costs it 100 ms
 * and 30 MB, so these two are plain errors with a `code`. They never reach a caller; what a caller
 * gets is in `failures.ts`.
 *
 * @module
 */

/** The other end sent bytes that are no frames of this version. The connection ends. */
export class ProtocolError extends Error {
  readonly code = 'PIC_EXEC_PROTOCOL'
  override readonly name = 'ProtocolError'

  constructor(what: string) {
    super(`The executor's other end broke the frame protocol: ${what}.`)
  }
}

/** A frame would pass a limit of the protocol and was not sent. */
export class FrameTooLargeError extends Error {
  readonly code = 'PIC_EXEC_FRAME_TOO_LARGE'
  override readonly name = 'FrameTooLargeError'
  readonly part: 'metadata' | 'body'
  readonly bytes: number
  readonly bytesMax: number

  constructor(part: 'metadata' | 'body', bytes: number, bytesMax: number) {
    super(`The ${part} of a frame has ${bytes} bytes; the most is ${bytesMax}.`)
    this.part = part
    this.bytes = bytes
    this.bytesMax = bytesMax
  }
}
