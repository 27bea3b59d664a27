/**
 * What the log of admin actions is narrowed to; it stands in the address of the page.
 *
 * @module
 */

/** All as text, as in a query; what is not narrowed is left out. */
export interface AuditFilter {
  readonly action?: string
  readonly app?: string
  readonly actor?: string
}

/** As the server takes it: a resource and what was done to it. */
const ACTION = /^[a-z_]+\.[a-z_]+$/
const LENGTH_MAX = 100

/** Nothing is as good as an action: it narrows nothing. */
export function isAction(text: string): boolean {
  return text === '' || (ACTION.test(text) && text.length <= LENGTH_MAX)
}

/** What is malformed is left out: an address that was mistyped shows more, not an error. */
export function auditFilterOf(query: URLSearchParams): AuditFilter {
  const [action, app, actor] = ['action', 'app', 'actor'].map((name) => query.get(name) ?? '')
  const fits = (text: string | undefined) =>
    text !== undefined && text !== '' && text.length <= LENGTH_MAX
  return {
    ...(action !== undefined && action !== '' && isAction(action) && { action }),
    ...(fits(app) && { app }),
    ...(fits(actor) && { actor }),
  }
}

/** With its `?`; `?` alone where nothing is narrowed. */
export function auditQuery(filter: Readonly<Record<string, string | undefined>>): string {
  const given = Object.entries(filter).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && entry[1] !== '',
  )
  return `?${new URLSearchParams(given)}`
}
