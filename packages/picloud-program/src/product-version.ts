/**
 * The product's version: the one in this package's manifest, which all packages share.
 *
 * @module
 */
import { readFileSync } from 'node:fs'

const manifest: unknown = JSON.parse(
  readFileSync(new URL('../package.json', import.meta.url), 'utf8'),
)

export const PRODUCT_VERSION = String((manifest as { readonly version: unknown }).version)
