/** What a whole `picloud start` says of itself, and that saying it costs an idle program nothing. */
import { existsSync } from 'node:fs'
import { hostname } from 'node:os'
import process from 'node:process'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type PicloudUnderTest, startPicloudUnderTest } from './picloud-under-test.ts'

let picloud: PicloudUnderTest

beforeAll(async () => {
  picloud = await startPicloudUnderTest()
})
afterAll(() => picloud.stop())

it('names itself among the programs connected to the database', async () => {
  const { nodes, database } = await picloud.api('GET', '/system')
  expect(database.kind).toBe('external')
  expect(nodes).toHaveLength(1)
  expect(nodes[0]).toMatchObject({ role: 'all-in-one', name: hostname(), pid: process.pid })
})

it('has sent no query but those of who asked', async () => {
  const queries = async () => (await picloud.api('GET', '/system')).idle.queries as number
  const [first, second] = [await queries(), await queries()]
  await new Promise((resolve) => setTimeout(resolve, 1_500))
  expect((await queries()) - second).toBe(second - first)
})

it.runIf(existsSync('/proc/self/stat'))('counts its sandboxes in', async () => {
  const url = await picloud.deploy('"ran"')
  expect(await (await fetch(url)).text()).toBe('ran')
  const { processes, idle } = await picloud.api('GET', '/system')
  const sandboxes = processes.find(({ role }: { role: string }) => role === 'sandbox')
  expect(sandboxes.count).toBeGreaterThan(0)
  expect(sandboxes.memory_bytes).toBeGreaterThan(1_000_000)
  expect(idle.memory_bytes).toBeGreaterThan(sandboxes.memory_bytes)
  expect(idle.cpu_seconds).toBeGreaterThan(0)
})
