/**
 * The cookie of a signed-in administrator: its name, and how it is told from other cookies.
 *
 * Scripts may answer on the same host as the dashboard, and a browser sends them the cookie too:
 * whoever hands a request to a script takes it out first.
 *
 * @module
 */
export const SESSION_COOKIE = 'picloud_session'

const PREFIX = `${SESSION_COOKIE}=`

/** The values of that cookie in a Cookie header: more than one only where somebody planted one. */
export function sessionCookiesOf(header: string): readonly string[] {
  return pairsOf(header).flatMap((pair) =>
    pair.startsWith(PREFIX) ? [pair.slice(PREFIX.length)] : [],
  )
}

/** The Cookie header without it; empty when nothing is left. */
export function withoutSessionCookie(header: string): string {
  if (!header.includes(SESSION_COOKIE)) return header
  return pairsOf(header)
    .filter((pair) => !pair.startsWith(PREFIX))
    .join('; ')
}

function pairsOf(header: string): readonly string[] {
  return header
    .split(';')
    .map((pair) => withoutSpaceBeforeSign(pair.trim()))
    .filter((pair) => pair !== '')
}

/** In time that grows with the length alone: anyone may send any header. */
function withoutSpaceBeforeSign(pair: string): string {
  const sign = pair.indexOf('=')
  return sign === -1 ? pair : pair.slice(0, sign).trimEnd() + pair.slice(sign)
}
