import { createdTokenSchema, newId, tokenListSchema } from '@picloud/shared'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type ManagerUnderTest, startManagerUnderTest } from '../../test/manager-under-test.ts'

const TOKENS = '/api/v1/admin/tokens'
let api: ManagerUnderTest

beforeAll(async () => {
  api = await startManagerUnderTest()
})
afterAll(() => api.close())

describe('access tokens', () => {
  it.each([
    ['no name', {}, '/name'],
    ['an empty name', { name: '' }, '/name'],
    ['a time that is past', { name: 'x', expires_at: '2020-01-01T00:00:00Z' }, '/expires_at'],
    ['a time that is none', { name: 'x', expires_at: 'tomorrow' }, '/expires_at'],
    ['a text of the own choice', { name: 'x', token: 'pic_mine' }, '/token'],
  ])('refuses %s', async (_what, json, pointer) => {
    const { status, body } = await api.request('POST', TOKENS, { json })
    expect(status).toBe(422)
    expect(body.errors[0].pointer).toBe(pointer)
  })

  it('shows the text once, lets it in, and notes its use', async () => {
    const made = await api.request('POST', TOKENS, { json: { name: 'ci' } })
    expect(made.status).toBe(201)
    expect(createdTokenSchema.parse(made.body)).toEqual(made.body)
    expect(made.body).toMatchObject({ name: 'ci', last_used_at: null, expires_at: null })

    const list = await api.request('GET', TOKENS, { token: made.body.token })
    expect(list.status).toBe(200)
    expect(tokenListSchema.parse(list.body)).toEqual(list.body)
    expect(list.text).not.toContain(made.body.token)
    const listed = list.body.items.find((token: { id: string }) => token.id === made.body.id)
    expect(listed.last_used_at).not.toBeNull()
  })

  it('stops a deleted token at once', async () => {
    const { body } = await api.request('POST', TOKENS, { json: { name: 'gone' } })
    expect((await api.request('GET', TOKENS, { token: body.token })).status).toBe(200)
    expect((await api.request('DELETE', `${TOKENS}/${body.id}`)).status).toBe(204)
    expect((await api.request('GET', TOKENS, { token: body.token })).status).toBe(401)
    expect((await api.request('DELETE', `${TOKENS}/${body.id}`)).status).toBe(404)
  })

  it('stops a token when its time has come', async () => {
    const expires_at = new Date(Date.now() + 400).toISOString()
    const { body } = await api.request('POST', TOKENS, { json: { name: 'brief', expires_at } })
    expect(body.expires_at).toBe(expires_at)
    expect((await api.request('GET', TOKENS, { token: body.token })).status).toBe(200)
    await new Promise((resolve) => setTimeout(resolve, 600))
    expect((await api.request('GET', TOKENS, { token: body.token })).status).toBe(401)
  })

  it('answers 404 for what is no token', async () => {
    for (const id of [newId(), 'x', '%00']) {
      const { status, body } = await api.request('DELETE', `${TOKENS}/${id}`)
      expect(status).toBe(404)
      expect(body.code).toBe('PIC_TOKEN_NOT_FOUND')
    }
  })
})
