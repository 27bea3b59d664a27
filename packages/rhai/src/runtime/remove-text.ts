/**
 * `string - part`: the text without any occurrence of a part, found in one pass from the left.
 *
 * @module
 */
export function removeText(text: string, part: string): string {
  return part === '' ? text : text.replaceAll(part, () => '')
}
