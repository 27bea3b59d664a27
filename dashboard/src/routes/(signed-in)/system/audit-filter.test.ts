import { expect, it } from 'vitest'
import { auditFilterOf, auditQuery, isAction } from './audit-filter.ts'

it('reads what an address narrows, and leaves out what is malformed', () => {
  const filter = { action: 'app.create', app: 'shop', actor: 'admin' }
  expect(auditFilterOf(new URLSearchParams(auditQuery(filter)))).toEqual(filter)
  expect(auditFilterOf(new URLSearchParams('action=create&app=&actor='))).toEqual({})
  expect(auditFilterOf(new URLSearchParams({ actor: 'a'.repeat(101) }))).toEqual({})
  expect(auditQuery({ action: '', app: undefined })).toBe('?')
})

it('knows an action from words', () => {
  expect(['', 'app.create', 'secret.rotate_key'].every(isAction)).toBe(true)
  expect(['app', 'app.', 'App.create', 'app create'].some(isAction)).toBe(false)
})
