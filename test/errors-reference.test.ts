import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const PAGE = join(ROOT, 'docs/reference/errors.md')
const CODE = /(['"`])(PIC_[A-Z]+(?:_[A-Z]+)*)\1/g
const DEFINITION = /\bcode: '(PIC_[A-Z_]+)',\s+(?:audience: '(\w+)',\s+)?status: (\d+)/g
const ROW = /^\| `(PIC_[A-Z_]+)` \| ([^|]+) \| ([^|]+) \| ([^|]+) \|$/gm

/** Every code that stands in the sources of a package as a text of its own. */
async function codesInSources(): Promise<ReadonlySet<string>> {
  const codes = new Set<string>()
  for (const text of await sources()) {
    for (const [, , code] of text.matchAll(CODE)) if (code !== undefined) codes.add(code)
  }
  return codes
}

/** The text of every source of every package. */
async function sources(): Promise<readonly string[]> {
  const packages = await readdir(join(ROOT, 'packages'))
  const files = await Promise.all(
    packages.map((name) => sourcesOf(join(ROOT, 'packages', name, 'src'))),
  )
  return await Promise.all(files.flat().map((file) => readFile(file, 'utf8')))
}

async function sourcesOf(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  return entries
    .filter((entry) => entry.isFile() && /(?<!\.test|\.contract)\.ts$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
}

interface Row {
  readonly code: string
  readonly status: string
  readonly audience: string
  readonly cause: string
}

async function rowsOfPage(): Promise<readonly Row[]> {
  const page = await readFile(PAGE, 'utf8')
  return [...page.matchAll(ROW)].map(([, code = '', status = '', audience = '', cause = '']) => ({
    code,
    status: status.trim(),
    audience: audience.trim(),
    cause: cause.trim(),
  }))
}

describe('docs/reference/errors.md', () => {
  it('lists every code of the sources, and no other', async () => {
    const listed = new Set((await rowsOfPage()).map((row) => row.code))
    const raised = await codesInSources()
    expect({
      missing: [...raised.difference(listed)],
      unknown: [...listed.difference(raised)],
    }).toEqual({ missing: [], unknown: [] })
  })

  it('says of each the status and the audience that the sources give it', async () => {
    const rows = new Map((await rowsOfPage()).map((row) => [row.code, row]))
    const wrong: string[] = []
    let compared = 0
    for (const text of await sources()) {
      for (const [, code = '', audience, status] of text.matchAll(DEFINITION)) {
        const row = rows.get(code)
        const isSame =
          (audience ?? row?.audience) === row?.audience && [status, 'none'].includes(row?.status)
        if (!isSame) wrong.push(`${code}: ${status} ${audience}`)
        compared += 1
      }
    }
    expect(wrong).toEqual([])
    expect(compared).toBeGreaterThan(50)
  })

  it('lists no code twice, each in alphabetical order within its section', async () => {
    const page = await readFile(PAGE, 'utf8')
    for (const section of page.split(/^## /m)) {
      const codes = [...section.matchAll(ROW)].map((row) => row[1])
      expect(codes).toEqual([...new Set(codes)].sort())
    }
  })

  it('says status, audience and cause of each', async () => {
    for (const row of await rowsOfPage()) {
      expect(row).toMatchObject({
        status: expect.stringMatching(/^(?:[45]\d\d|as thrown|none|4xx)$/),
        audience: expect.stringMatching(/^(?:user|system)$/),
        cause: expect.stringMatching(/^[A-Z].+\.$/),
      })
    }
  })
})
