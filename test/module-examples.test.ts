/**
 * The pages of the modules are true: each `rhai` block runs in a real sandbox, and the `json` or
 * `text` block below it is what the script answers. A block marked `no-run` must compile only.
 */
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type LocalExecutor, startExecutor } from '@picloud/executor-core'
import { check } from '@picloud/rhai'
import {
  type AppId,
  DEFAULT_LIMITS,
  type ExecutionRequest,
  executionLimitsOf,
  newId,
  type ScriptId,
  type ScriptVersionId,
} from '@picloud/shared'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const FOLDER = fileURLToPath(new URL('../docs/reference/modules', import.meta.url))
const BLOCK = /^```rhai( no-run)?\n([\s\S]*?)^```$(?:\n+```(json|text)\n([\s\S]*?)^```$)?/gm
const MIB = 1024 * 1024

interface Example {
  readonly page: string
  readonly line: number
  readonly source: string
  readonly runs: boolean
  readonly form: 'json' | 'text' | null
  readonly answer: string
}

const examples = (await pages()).flatMap(({ name, text }) => examplesIn(name, text))
let executor: LocalExecutor

beforeAll(() => {
  executor = startExecutor({ processes: 1, sandboxMemoryBytesMax: 64 * MIB })
})

afterAll(() => executor.stop())

describe('docs/reference/modules', () => {
  it('has examples', () => {
    expect(examples.length).toBeGreaterThanOrEqual(5)
  })

  it.each(examples)('$page:$line', async ({ source, runs, form, answer }) => {
    if (!runs) return check(source, { globals: ['request', 'ctx'] })
    const outcome = await executor.execute(requestOf(source))
    if (outcome.kind !== 'answer') throw new Error(JSON.stringify(outcome))
    const text = Buffer.from(outcome.response.body).toString('utf8')
    if (form === 'json') expect(JSON.parse(text)).toEqual(JSON.parse(answer))
    if (form === 'text') expect(text).toBe(answer.trimEnd())
  })
})

async function pages(): Promise<readonly { readonly name: string; readonly text: string }[]> {
  const names = (await readdir(FOLDER)).filter((name) => name.endsWith('.md'))
  return await Promise.all(
    names.map(async (name) => ({ name, text: await readFile(join(FOLDER, name), 'utf8') })),
  )
}

function examplesIn(page: string, text: string): readonly Example[] {
  return [...text.matchAll(BLOCK)].map((found) => {
    const [, mark, source = '', form, answer = ''] = found
    return {
      page,
      line: text.slice(0, found.index).split('\n').length,
      source,
      runs: mark === undefined,
      form: form === 'json' || form === 'text' ? form : null,
      answer,
    }
  })
}

function requestOf(source: string): ExecutionRequest {
  return {
    id: newId(),
    app: { id: newId<AppId>(), slug: 'shop' },
    script: {
      id: newId<ScriptId>(),
      name: 'example',
      versionId: newId<ScriptVersionId>(),
      version: 1,
    },
    source,
    trigger: 'http',
    request: {
      method: 'GET',
      url: 'http://localhost/',
      host: 'localhost',
      path: '/',
      params: {},
      query: {},
      headers: {},
      cookies: {},
      body: new Uint8Array(0),
      ip: '127.0.0.1',
    },
    deadlineAt: Date.now() + 20_000,
    limits: executionLimitsOf(DEFAULT_LIMITS),
  }
}
