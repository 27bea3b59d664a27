/**
 * `npm run generate` writes the files that are made from others; with `--check` it only says
 * whether they are as they would be made now.
 *
 * @module
 */
import { readFile, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { clientSource } from './api-client.ts'
import { readApiDocument } from './api-document.ts'
import { parserSource } from './rhai-parser.ts'

const LANGUAGE = 'dashboard/src/lib/editor/language'

const { parser, terms } = parserSource(await textOf(`${LANGUAGE}/rhai.grammar`))

const TARGETS: Readonly<Record<string, string>> = {
  'packages/api-client/src/generated/api.ts': await clientSource(await readApiDocument()),
  [`${LANGUAGE}/generated/parser.ts`]: parser,
  [`${LANGUAGE}/generated/terms.ts`]: terms,
}

for (const [target, wanted] of Object.entries(TARGETS)) await renew(target, wanted)

async function renew(target: string, wanted: string): Promise<void> {
  const present = await textOf(target).catch(() => '')
  if (wanted === present) {
    console.log(`${target} is up to date.`)
  } else if (process.argv.includes('--check')) {
    console.error(`${target} is not what it is made from now. Renew it: npm run generate`)
    process.exitCode = 1
  } else {
    await writeFile(pathOf(target), wanted)
    console.log(`Wrote ${target}.`)
  }
}

function textOf(path: string): Promise<string> {
  return readFile(pathOf(path), 'utf8')
}

function pathOf(path: string): string {
  return fileURLToPath(new URL(`../${path}`, import.meta.url))
}
