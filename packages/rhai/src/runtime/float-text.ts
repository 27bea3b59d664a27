/**
 * Floats as text, in the two ways the reference writes them.
 *
 * Both use the shortest digits that read back as the same float, as JavaScript does, but of two
 * that are equally near they take the larger, where JavaScript takes the even one. The two differ
 * in where they switch to scientific notation, and neither writes the `+` of an exponent.
 *
 * @module
 */

/** The reference keeps these two bounds as 32-bit floats. */
const DISPLAY_PLAIN_MAX = Math.fround(1e13)
const DISPLAY_PLAIN_MIN = Math.fround(1e-13)
const DEBUG_PLAIN_END = 1e16
const DEBUG_PLAIN_MIN = 1e-4
/** Below it JavaScript writes an exponent. */
const SCRIPT_PLAIN_MIN = 1e-6
/** In hundredths. */
const SHORT_MAX = 1e9
/** Only floats with about that many digits can lie right between two candidates. */
const TIE_DIGITS_MIN = 14

/** The text of `print`, `to_string` and interpolation. */
export function displayFloat(value: number): string {
  if (value === 0) return '0.0'
  if (!Number.isFinite(value)) return nonFinite(value)
  const size = Math.abs(value)
  if (size > DISPLAY_PLAIN_MAX || size < DISPLAY_PLAIN_MIN) return scientific(value)
  return plain(value)
}

/** The text of `debug`, and of floats inside arrays and maps. */
export function debugFloat(value: number): string {
  if (value === 0) return Object.is(value, -0) ? '-0.0' : '0.0'
  if (!Number.isFinite(value)) return nonFinite(value)
  const size = Math.abs(value)
  if (size >= DEBUG_PLAIN_END || size < DEBUG_PLAIN_MIN) return scientific(value)
  return plain(value)
}

/** A float of 1e15 or more with all its digits, as some errors show it. */
export function plainFloat(value: number): string {
  if (!Number.isFinite(value)) return nonFinite(value)
  const [mantissa = '', exponent = ''] = value.toExponential().split('e+')
  const [whole = '', fraction = ''] = mantissa.split('.')
  return whole + fraction.padEnd(Number(exponent), '0')
}

function nonFinite(value: number): string {
  if (Number.isNaN(value)) return 'NaN'
  return value > 0 ? 'inf' : '-inf'
}

function scientific(value: number): string {
  const text = value.toExponential()
  const digits = text.replace('-', '').indexOf('e') - 2
  const shown = digits < TIE_DIGITS_MIN ? text : nearer(value, text, value.toExponential(digits))
  return shown.replace('e+', 'e')
}

/** JavaScript rounds ties up when it is told how many digits to write. */
function nearer(value: number, shortest: string, rounded: string): string {
  return Number(rounded) === value ? rounded : shortest
}

/**
 * A float with at most two decimals, put together from integers, which are written in a fraction of
 * the time. Of decimal numbers with so few digits no two are the same float.
 */
function shortText(value: number): string | undefined {
  const size = Math.abs(value)
  const hundredths = Math.round(size * 100)
  if (hundredths > SHORT_MAX || hundredths / 100 !== size) return undefined
  const whole = Math.floor(hundredths / 100)
  const rest = hundredths - whole * 100
  const decimals = rest % 10 === 0 ? rest / 10 : rest < 10 ? `0${rest}` : rest
  return `${value < 0 ? '-' : ''}${whole}.${decimals}`
}

/**
 * Whether a float may lie right between two numbers with so many decimals. It then has one decimal
 * more, and as a binary number no more than that behind the point.
 */
function mayLieBetween(value: number, digits: number): boolean {
  return Number.isInteger(value * 2 ** (digits + 1))
}

/** Without an exponent; `value` is below 1e21, where JavaScript itself writes large numbers so. */
function plain(value: number): string {
  const short = shortText(value)
  if (short !== undefined) return short
  const text = String(value)
  if (Math.abs(value) >= SCRIPT_PLAIN_MIN) {
    if (Number.isInteger(value)) return `${text}.0`
    if (text.length <= TIE_DIGITS_MIN) return text
    const digits = text.length - text.indexOf('.') - 1
    return mayLieBetween(value, digits) ? nearer(value, text, value.toFixed(digits)) : text
  }
  const exponentAt = text.indexOf('e-')
  const sign = value < 0 ? '-' : ''
  const digits = scientific(value).slice(sign.length, exponentAt).replace('.', '')
  const zeros = Number(text.slice(exponentAt + 2)) - 1
  return `${sign}0.${'0'.repeat(zeros)}${digits}`
}
