/**
 * What a command may say, and where: results to stdout, everything else to stderr.
 *
 * Colours are used on a terminal only, and not when `NO_COLOR` is set; `styleText` of Node knows
 * the rules. Nothing here knows what the words mean.
 *
 * @module
 */
import { styleText } from 'node:util'

export type Style = 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan'

export type Output = NodeJS.WriteStream

export class Terminal {
  readonly #stdout: Output
  readonly #stderr: Output

  constructor(stdout: Output, stderr: Output) {
    this.#stdout = stdout
    this.#stderr = stderr
  }

  /** Whether a person reads the results, rather than a pipe. */
  get resultsAreRead(): boolean {
    return this.#stdout.isTTY === true
  }

  /** A line, or several, of what was asked for. */
  result(text: string): void {
    this.#stdout.write(text.endsWith('\n') ? text : `${text}\n`)
  }

  /** Bytes of a result, unchanged. */
  resultBytes(bytes: Uint8Array): void {
    this.#stdout.write(bytes)
  }

  /** An object for machines, indented. */
  resultJson(value: unknown): void {
    this.result(JSON.stringify(value, null, 2))
  }

  /** What is going on, what was done. */
  progress(text: string): void {
    this.#stderr.write(`${text}\n`)
  }

  warning(text: string): void {
    this.#stderr.write(`${this.styleNote('yellow', 'warning:')} ${text}\n`)
  }

  error(text: string): void {
    this.#stderr.write(`${this.styleNote('red', 'error:')} ${text}\n`)
  }

  /** Styles a part of a result. */
  styleResult(style: Style, text: string): string {
    return styleText(style, text, { stream: this.#stdout })
  }

  /** Styles a part of what goes to stderr. */
  styleNote(style: Style, text: string): string {
    return styleText(style, text, { stream: this.#stderr })
  }
}
