/** What a transaction of `kv` keeps in the sandbox until it ends. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Body, type PicloudUnderTest, startPicloudUnderTest } from './picloud-under-test.ts'

let picloud: PicloudUnderTest
let scriptId: string

beforeAll(async () => {
  picloud = await startPicloudUnderTest()
  await picloud.deploy('1', 'tried')
  const { items } = await picloud.api('GET', '/scripts?app=default&name=tried')
  scriptId = items[0].id
})
afterAll(() => picloud.stop())

async function run(source: string): Promise<Body> {
  return await picloud.api('POST', `/scripts/${scriptId}:test`, { source })
}

it('is an error of the script where it is no data', async () => {
  const source =
    'let c = 0; try { kv::transaction(|| kv::set("f", || 1)) } catch (e) { c = e.code } c'
  expect((await run(source)).answer.body).toBe('PIC_KV_VALUE_INVALID')
})

it('is no more than can be sent at its end, however often it is written', async () => {
  const kept =
    'kv::transaction(|| { for n in 0..20 { log::info("kept"); kv::set("k" + NAME, VALUE) } })'
  const values = ['blob(1_000_000, 1)', '{ let t = ""; t.pad(1_000_000, "x"); t + n }']
  for (const value of values) {
    const { execution } = await run(kept.replace('NAME', 'n').replace('VALUE', value))
    expect(execution.error).toMatchObject({ code: 'PIC_SCRIPT_LIMIT' })
    expect(execution.error.message).toContain('hostValueBytesMax')
    // The last one is refused.
    expect(execution.logs).toHaveLength(9)
    const again = kept.replace('NAME', '0').replace('VALUE', value)
    const { error } = (await run(again)).execution
    expect(error.message).toContain('PIC_KV_VALUE_TOO_LONG')
  }
})
