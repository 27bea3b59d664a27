import { expect, it } from 'vitest'
import { bodyOf, differences, newDraft } from './route-draft.ts'

it('sends an empty host as every host, and no script as a hole', () => {
  expect(bodyOf({ ...newDraft(''), host: '  ', path: ' /x ' })).toEqual({
    method: 'GET',
    host_pattern: null,
    path_pattern: '/x',
    script_id: null,
    enabled: true,
    idempotency: null,
  })
})

it('sends the header of keys only where requests run once', () => {
  const once = { ...newDraft('s'), isIdempotent: true, isKeyRequired: true }
  expect(bodyOf(once).idempotency).toEqual({ header: 'Idempotency-Key', required: true })
})

it('tells what differs, in words', () => {
  const theirs = newDraft('s1')
  const mine = { ...theirs, path: '/mine', scriptId: '', enabled: false }
  expect(differences(mine, theirs, (id) => `script ${id}`)).toEqual([
    { what: 'Path', mine: '/mine', theirs: '' },
    { what: 'Answer', mine: 'a hole: 404', theirs: 'script s1' },
    { what: 'State', mine: 'off', theirs: 'on' },
  ])
  expect(differences(theirs, theirs, String)).toEqual([])
})
