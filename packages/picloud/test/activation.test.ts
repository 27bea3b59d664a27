/** Which version answers: the whole of `picloud start`, through its API and its ingress. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type PicloudUnderTest, startPicloudUnderTest } from './picloud-under-test.ts'

let picloud: PicloudUnderTest

beforeAll(async () => {
  picloud = await startPicloudUnderTest()
})
afterAll(() => picloud.stop())

async function served(): Promise<string> {
  return (await fetch(`${picloud.base}/which`)).text()
}

it('the active version answers, from the moment its activation is acknowledged', async () => {
  const { api } = picloud
  const app = await api('GET', '/apps/default')
  const create = { app_id: app.id, name: 'which', source: '"one, " + ctx.version' }
  const { id } = await api('POST', '/scripts', create)
  await api('POST', '/routes', { app_id: app.id, script_id: id, path_pattern: '/which' })
  expect(await served()).toBe('one, 1')

  await api('PUT', `/scripts/${id}`, { source: '"two, " + ctx.version' })
  expect(await served()).toBe('two, 2')
  await api('PUT', `/scripts/${id}`, { source: '"three, " + ctx.version', activate: false })
  expect(await served()).toBe('two, 2')
  await api('POST', `/scripts/${id}/versions/3:activate`)
  expect(await served()).toBe('three, 3')
  await api('POST', `/scripts/${id}:rollback`)
  expect(await served()).toBe('two, 2')
  await api('POST', `/scripts/${id}:rollback`)
  expect(await served()).toBe('one, 1')
  await api('PATCH', `/scripts/${id}`, { name: 'another' })
  expect(await served()).toBe('one, 1')
})
