import type { AppId } from '@picloud/shared'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { HELLO_WORLD_NAME, HELLO_WORLD_SOURCE, seedHelloWorldIfFresh } from './hello-world.ts'
import { createTestDatabase, type TestDatabase } from './testing/test-database.ts'

let test: TestDatabase
let appId: AppId

beforeEach(async () => {
  test = await createTestDatabase()
  appId = (await test.database.apps.find('default'))?.id as AppId
})

afterEach(async () => {
  await test.drop()
})

describe('seedHelloWorldIfFresh', () => {
  it('gives a fresh install a script that answers GET /', async () => {
    expect(await seedHelloWorldIfFresh(test.database)).toBe(true)
    const script = await test.database.scripts.findByName(appId, HELLO_WORLD_NAME)
    expect(script).toMatchObject({ version: 1, source: HELLO_WORLD_SOURCE })
    expect(await test.database.routes.listAll(appId)).toMatchObject([
      { scriptId: script?.id, method: 'GET', hostPattern: null, pathPattern: '/', enabled: true },
    ])
  })

  it('does it once, however often and by however many programs it is asked', async () => {
    const asked = await Promise.all([1, 2, 3].map(() => seedHelloWorldIfFresh(test.database)))
    expect(asked.filter(Boolean)).toHaveLength(1)
    const sequence = await test.database.routing.sequence()
    expect(await seedHelloWorldIfFresh(test.database)).toBe(false)
    expect(await test.database.routing.sequence()).toBe(sequence)
  })

  it('leaves an app alone that has a script of its own', async () => {
    await test.database.write((tx) => tx.scripts.create({ appId, name: 'mine', source: '1' }))
    expect(await seedHelloWorldIfFresh(test.database)).toBe(false)
  })

  it('does nothing when the app default is gone', async () => {
    await test.database.write((tx) => tx.apps.deleteWithContents(appId))
    expect(await seedHelloWorldIfFresh(test.database)).toBe(false)
  })
})
