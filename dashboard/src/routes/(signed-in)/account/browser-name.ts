/**
 * Which browser, on what system, as far as its user agent tells: for people to know it again.
 *
 * @module
 */
const BROWSERS = [
  ['Edge', /\bEdg\//],
  ['Opera', /\bOPR\//],
  ['Firefox', /\bFirefox\//],
  ['Chrome', /\b(?:Headless)?Chrome\//],
  ['Safari', /\bSafari\//],
  ['curl', /^curl\//],
] as const
const SYSTEMS = [
  ['Android', /\bAndroid\b/],
  ['iOS', /\b(?:iPhone|iPad)\b/],
  ['macOS', /\bMac OS X\b/],
  ['Windows', /\bWindows\b/],
  ['Linux', /\bLinux\b/],
] as const

export function browserName(userAgent: string): string {
  const browser = BROWSERS.find(([, form]) => form.test(userAgent))?.[0]
  const system = SYSTEMS.find(([, form]) => form.test(userAgent))?.[0]
  if (browser === undefined) return userAgent.slice(0, 40) || 'Unknown'
  return system === undefined ? browser : `${browser} on ${system}`
}
