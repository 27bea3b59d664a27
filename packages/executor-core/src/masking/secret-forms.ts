/**
 * The ways in which scripts and the services they call write a text down: what a secret would be
 * recognised by.
 *
 * As it is, and in base64, base64url, hexadecimal, URL encoding, HTML, JSON and the language's own
 * debug form; base64 also inside of a longer text, as in an `Authorization: Basic` header. Who
 * changes the text otherwise, or takes it apart, is not caught.
 *
 * @module
 */

/** What is shorter is found everywhere by chance. */
export const FORM_LENGTH_MIN = 4

const BITS_PER_BYTE = 8
const BITS_PER_BASE64_DIGIT = 6
const BASE64_BYTES_PER_GROUP = 3
const BLOB_BYTES_PER_GROUP = 8

/** Without doubles, each at least {@link FORM_LENGTH_MIN} long. */
export function secretForms(secret: string): readonly string[] {
  const forms = new Set<string>()
  for (const text of new Set([secret, secret.trim()])) {
    if (text.length < FORM_LENGTH_MIN) continue
    const bytes = Buffer.from(text, 'utf8')
    for (const form of [
      text,
      ...escapedForms(text),
      ...base64Forms(bytes),
      ...hexForms(bytes),
      ...urlForms(text),
    ]) {
      if (form.length >= FORM_LENGTH_MIN) forms.add(form)
    }
  }
  return [...forms]
}

function escapedForms(text: string): readonly string[] {
  const json = JSON.stringify(text).slice(1, -1)
  const ascii = json.replace(/[^\x20-\x7e]/g, unicodeEscape)
  return [
    json,
    ascii,
    json.replaceAll('/', '\\/'),
    // JSON as a text in JSON.
    JSON.stringify(json).slice(1, -1),
    debugForm(text),
    htmlForm(text, '&#39;'),
    htmlForm(text, '&#x27;'),
  ]
}

function unicodeEscape(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`
}

/** As strings stand in printed arrays and maps. */
function debugForm(text: string): string {
  return text.replace(/["\\]|(?! )[\p{C}\p{Z}\p{Grapheme_Extend}]/gu, (char) => {
    const short = { '"': '\\"', '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' }[char]
    return short ?? `\\u{${(char.codePointAt(0) ?? 0).toString(16)}}`
  })
}

function htmlForm(text: string, apostrophe: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", apostrophe)
}

/**
 * Whole, and what stays the same of it wherever it stands in a longer text: of that, the digits at
 * both ends hold bits of its neighbours.
 */
function base64Forms(bytes: Buffer): readonly string[] {
  const standard = [bytes.toString('base64').replaceAll('=', '')]
  for (let before = 0; before < BASE64_BYTES_PER_GROUP; before += 1) {
    const digits = Buffer.concat([Buffer.alloc(before), bytes]).toString('base64')
    const from = Math.ceil((before * BITS_PER_BYTE) / BITS_PER_BASE64_DIGIT)
    const to = Math.floor(((before + bytes.length) * BITS_PER_BYTE) / BITS_PER_BASE64_DIGIT)
    standard.push(digits.slice(from, to))
  }
  return standard.flatMap((text) => [text, text.replaceAll('+', '-').replaceAll('/', '_')])
}

function hexForms(bytes: Buffer): readonly string[] {
  const hex = bytes.toString('hex')
  const upper = hex.toUpperCase()
  // As blobs are printed.
  const groups = hex.match(new RegExp(`.{1,${2 * BLOB_BYTES_PER_GROUP}}`, 'g')) ?? []
  return [hex, upper, groups.join(' ')]
}

function urlForms(text: string): readonly string[] {
  // Halves of surrogate pairs have no form in a URL.
  const component = encodeURIComponent(text.toWellFormed())
  const strict = component.replace(/[!'()*]/g, percentEscape)
  const form = strict.replaceAll('%20', '+')
  const whole = encodeURI(text.toWellFormed())
  const forms = [component, strict, form, form.replaceAll('%2A', '*'), whole]
  return forms.flatMap((each) => [
    each,
    each.replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase()),
  ])
}

function percentEscape(char: string): string {
  return `%${char.charCodeAt(0).toString(16).toUpperCase()}`
}
