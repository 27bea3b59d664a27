/**
 * Names a place in `picloud.toml` as its writer knows it.
 *
 * @module
 */

/** What the API calls by another name than the file does. */
const KEYS: Readonly<Record<string, string>> = { path_pattern: 'path', host_pattern: 'host' }

/** `route 3: path` for `routes`, `2`, `path_pattern`; items count from 1. */
export function placeInFile(keys: readonly string[]): string {
  const [list = '', item, ...members] = keys
  const named = members.map((key) => KEYS[key] ?? key)
  if (item === undefined || !/^\d+$/.test(item)) return keys.join('.')
  return [`${list.replace(/s$/, '')} ${Number(item) + 1}`, ...named].join(': ')
}
