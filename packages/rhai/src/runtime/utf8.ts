/**
 * Between strings and UTF-8 bytes. Bytes that are no UTF-8 become replacement characters.
 *
 * @module
 */
const encoder = new TextEncoder()
const decoder = new TextDecoder('utf-8', { ignoreBOM: true })

export function encodeUtf8(text: string): Uint8Array {
  return encoder.encode(text)
}

export function decodeUtf8(bytes: Uint8Array): string {
  return decoder.decode(bytes)
}

const BYTES_PER_UNIT_MAX = 3

/** Whether a text takes more than so many bytes. Encodes it only when its length leaves that open. */
export function isLongerThan(text: string, bytesMax: number): boolean {
  if (text.length > bytesMax) return true
  return text.length * BYTES_PER_UNIT_MAX > bytesMax && encodeUtf8(text).length > bytesMax
}
