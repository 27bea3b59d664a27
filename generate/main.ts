/**
 * `npm run generate` writes the files that are made from the API; with `--check` it only says
 * whether they are as they would be made now.
 *
 * @module
 */
import { readFile, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { clientSource } from './api-client.ts'
import { readApiDocument } from './api-document.ts'

const TARGET = 'packages/api-client/src/generated/api.ts'

const path = fileURLToPath(new URL(`../${TARGET}`, import.meta.url))
const wanted = await clientSource(await readApiDocument())
const present = await readFile(path, 'utf8').catch(() => '')
if (wanted === present) {
  console.log(`${TARGET} is up to date.`)
} else if (process.argv.includes('--check')) {
  console.error(`${TARGET} is not what the API is now. Renew it: npm run generate`)
  process.exitCode = 1
} else {
  await writeFile(path, wanted)
  console.log(`Wrote ${TARGET}.`)
}
