/**
 * The slug a name suggests, while somebody types the name of a new app. Whether it can be had, the
 * server says.
 *
 * @module
 */
const SLUG_LENGTH_MAX = 63

/** `Café Ünter, 2` becomes `cafe-unter-2`; empty where no letter of the name can stand in a slug. */
export function slugFromName(name: string): string {
  const words = name.normalize('NFKD').replaceAll(/\p{M}/gu, '').toLowerCase()
  return withoutOuterHyphens(
    withoutOuterHyphens(words.replaceAll(/[^a-z0-9]+/g, '-')).slice(0, SLUG_LENGTH_MAX),
  )
}

function withoutOuterHyphens(text: string): string {
  return text.replaceAll(/^-|-$/g, '')
}
