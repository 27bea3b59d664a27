/**
 * Prints what a script answered: the body to stdout as it is, status and type to stderr.
 *
 * @module
 */
import { EXIT, type ExitCode } from '../exit-code.ts'
import { printableLine, printableText } from '../terminal/printable.ts'
import type { Terminal } from '../terminal/terminal.ts'

export interface ScriptAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
  readonly body: Uint8Array
}

/** Shows the answer; the exit code says whether it was of status 400 or more. */
export function showAnswer(terminal: Terminal, answer: ScriptAnswer, json: boolean): ExitCode {
  const text = textOf(answer.body)
  if (json) {
    terminal.resultJson({
      status: answer.status,
      headers: answer.headers,
      body: text,
      ...(text === null ? { body_base64: Buffer.from(answer.body).toString('base64') } : {}),
    })
  } else {
    const failed = answer.status >= 400
    const type = answer.headers['content-type']
    // A redirect has no body that would say where it leads.
    const location = answer.headers.location
    terminal.progress(
      terminal.styleNote(failed ? 'red' : 'green', String(answer.status)) +
        (type === undefined ? '' : ` ${printableLine(String(type))}`) +
        (location === undefined ? '' : ` to ${printableLine(String(location))}`),
    )
    showBody(terminal, answer.body, text)
  }
  return answer.status >= 400 ? EXIT.failed : EXIT.ok
}

function showBody(terminal: Terminal, body: Uint8Array, text: string | null): void {
  // A pipe gets the bytes unchanged; a terminal gets nothing that could act on it.
  if (!terminal.resultsAreRead) {
    terminal.resultBytes(body)
  } else if (text === null) {
    terminal.progress(`(${body.byteLength} bytes that are no text; redirect stdout to keep them)`)
  } else if (text !== '') {
    terminal.result(printableText(text))
  }
}

function textOf(body: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body)
  } catch {
    // Not UTF-8: shown as bytes.
    return null
  }
}
