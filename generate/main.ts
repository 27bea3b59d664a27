/**
 * `npm run generate` writes the files that are made from others; with `--check` it only says
 * whether they are as they would be made now.
 *
 * @module
 */
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { clientSource } from './api-client.ts'
import { readApiDocument } from './api-document.ts'
import { referenceSource } from './editor-reference.ts'
import { parserSource } from './rhai-parser.ts'

const EDITOR = 'dashboard/src/lib/editor'
const LANGUAGE = `${EDITOR}/language`
const REFERENCE = 'docs/reference'

const { parser, terms } = parserSource(await textOf(`${LANGUAGE}/rhai.grammar`))

const TARGETS: Readonly<Record<string, string>> = {
  'packages/api-client/src/generated/api.ts': await clientSource(await readApiDocument()),
  [`${EDITOR}/generated/reference.ts`]: referenceSource({
    modules: await modulePages(),
    library: await textOf(`${REFERENCE}/rhai-library.md`),
    given: await textOf(`${REFERENCE}/http.md`),
  }),
  [`${LANGUAGE}/generated/parser.ts`]: parser,
  [`${LANGUAGE}/generated/terms.ts`]: terms,
}

for (const [target, wanted] of Object.entries(TARGETS)) await renew(target, wanted)

/** The page of each module, by its name. */
async function modulePages(): Promise<ReadonlyMap<string, string>> {
  const folder = `${REFERENCE}/modules`
  const files = (await readdir(pathOf(folder)))
    .filter((file) => /^[a-z0-9]+\.md$/.test(file))
    .sort()
  const pages = files.map(
    async (file) => [file.replace('.md', ''), await textOf(`${folder}/${file}`)] as const,
  )
  return new Map(await Promise.all(pages))
}

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
