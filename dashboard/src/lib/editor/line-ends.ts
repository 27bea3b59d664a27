/**
 * Editors know one kind of line end; a script that was uploaded from Windows keeps its own.
 *
 * @module
 */

/** As an editor holds a text. */
export function withPlainEnds(text: string): string {
  return text.replaceAll(/\r\n?/g, '\n')
}

/** Whether every line of a text ends as on Windows. */
export function hasWindowsEnds(text: string): boolean {
  return /\r\n/.test(text) && !/[^\r]\n|^\n|\r(?!\n)/.test(text)
}

/** The text of an editor with the line ends its script has. */
export function withEndsOf(script: { readonly isWindows: boolean }, text: string): string {
  return script.isWindows ? text.replaceAll('\n', '\r\n') : text
}
