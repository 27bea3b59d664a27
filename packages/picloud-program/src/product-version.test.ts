import { readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { PRODUCT_VERSION } from './product-version.ts'

const PROGRAMS = ['picloud', 'picloud-manager', 'picloud-orchestrator', 'picloud-executor']

describe('PRODUCT_VERSION', () => {
  it.each(PROGRAMS)('is the version of %s', async (name) => {
    const manifest = await readFile(new URL(`../../${name}/package.json`, import.meta.url), 'utf8')
    expect(JSON.parse(manifest)).toMatchObject({ version: PRODUCT_VERSION })
  })
})
