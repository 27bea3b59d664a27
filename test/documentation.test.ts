/**
 * Documentation that points somewhere points at something that is there.
 */
import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { dirname, join, normalize } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const pages = (await readdir(ROOT, { recursive: true })).filter(
  (path) => path.endsWith('.md') && !/(^|\/)(node_modules|\.git|dist|build)\//.test(path),
)

it.each(pages)('%s links to files and headings that exist', async (page) => {
  const broken: string[] = []
  for (const [, target = ''] of (await read(page)).matchAll(/\]\(([^)\s]+)\)/g)) {
    if (/^[a-z]+:/.test(target)) continue
    const [path = '', heading] = target.split('#')
    const file = path === '' ? page : normalize(join(dirname(page), path))
    const there = existsSync(join(ROOT, file))
    if (!there || (heading !== undefined && !(await headings(file)).includes(heading))) {
      broken.push(target)
    }
  }
  expect(broken).toEqual([])
})

/** The anchors a page's headings get: lower case, words joined by hyphens. */
async function headings(page: string): Promise<readonly string[]> {
  return [...(await read(page)).matchAll(/^#+ (.*)$/gm)].map(([, text = '']) =>
    text
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  )
}

function read(page: string): Promise<string> {
  return readFile(join(ROOT, page), 'utf8')
}
