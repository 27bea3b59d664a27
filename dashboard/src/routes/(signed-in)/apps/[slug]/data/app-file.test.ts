import { expect, it } from 'vitest'
import { appFileOf } from './app-file.ts'

const WHOLE = {
  format: 'picloud-app',
  format_version: 1,
  exported_at: '2026-01-01T00:00:00Z',
  slug: 'shop',
  manifest: { domains: [], scripts: [], routes: [] },
}

it('takes what an export wrote', () => {
  expect(appFileOf(JSON.stringify(WHOLE))).toEqual({ kind: 'file', file: WHOLE })
})

it.each([
  ['{', 'no JSON'],
  ['[]', 'no app'],
  ['{"name": "shop"}', 'no app'],
  [JSON.stringify({ ...WHOLE, format_version: 2 }), 'the format version 2'],
  [JSON.stringify({ ...WHOLE, manifest: { domains: [] } }), 'incomplete'],
  [JSON.stringify({ ...WHOLE, slug: undefined }), 'incomplete'],
  [JSON.stringify({ ...WHOLE, exported_at: 'soon' }), 'incomplete'],
  [JSON.stringify({ ...WHOLE, manifest: { ...WHOLE.manifest, scripts: [null] } }), 'incomplete'],
])('says what is wrong with %s', (text, problem) => {
  expect(appFileOf(text)).toEqual({ kind: 'problem', problem: expect.stringContaining(problem) })
})
