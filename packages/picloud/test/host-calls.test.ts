/** Scripts that call the host and wait for it: the whole of `picloud start`, over real HTTP. */
import { setTimeout as sleep } from 'node:timers/promises'
import { createTestService } from '@picloud/executor-core/test-service'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type PicloudUnderTest, startPicloudUnderTest } from './picloud-under-test.ts'

const service = createTestService()
let picloud: PicloudUnderTest

beforeAll(async () => {
  const limits = { deadlineMs: 3000, hostCallsMax: 5 }
  picloud = await startPicloudUnderTest({ limits, services: [service] })
})
afterAll(() => picloud.stop())

const api: PicloudUnderTest['api'] = (...asked) => picloud.api(...asked)
const deploy: PicloudUnderTest['deploy'] = (source) => picloud.deploy(source)

async function settled(): Promise<void> {
  for (let waited = 0; service.pending > 0 && waited < 3000; waited += 10) await sleep(10)
  expect(service.pending).toBe(0)
}

describe('a script that calls the host', () => {
  it('gets an answer, catches a refusal, and answers itself', async () => {
    const url = await deploy(`
      let refusal = ();
      try { test::fail("not today") } catch (error) { refusal = error; }
      #{ echo: test::echo([1, 2.0]), refusal: refusal }`)
    const answer = await fetch(url)
    expect(await answer.text()).toBe(
      '{"echo":[1,2.0],"refusal":{"code":"TEST_FAILED","message":"not today"}}',
    )
  })

  it('waits beside hundreds of others', async () => {
    const url = await deploy('test::sleep(200); "waited"')
    const answers = await Promise.all(Array.from({ length: 300 }, () => fetch(url)))
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]))
  })

  it('ends when its client goes, and so does the call', async () => {
    const url = await deploy('test::sleep(60_000); 1')
    const abortedBefore = service.aborted
    const controller = new AbortController()
    const gone = fetch(url, { signal: controller.signal }).catch(() => 'gone')
    while (service.pending === 0) await sleep(5)
    controller.abort()
    expect(await gone).toBe('gone')
    // Well before its deadline.
    for (let waited = 0; service.pending > 0 && waited < 2000; waited += 10) await sleep(10)
    expect(service.pending).toBe(0)
    expect(service.aborted).toBe(abortedBefore + 1)
  })

  it('is a 504 at its deadline, with a record that says where it waited', async () => {
    const url = await deploy('log::info("before");\ntest::sleep(60_000); 1')
    const answer = await fetch(url)
    expect(answer.status).toBe(504)
    const { code, request_id: id } = (await answer.json()) as { code: string; request_id: string }
    expect(code).toBe('PIC_EXEC_DEADLINE')
    await settled()
    await expect.poll(async () => (await api('GET', '/executions')).items[0]?.id).toBe(id)
    const record = await api('GET', `/executions/${id}`)
    expect(record).toMatchObject({ error: { code: 'PIC_EXEC_DEADLINE', line: 2 } })
    expect(record.logs).toMatchObject([{ message: 'before' }])
  })

  it('is told which limit it passed and how that is raised', async () => {
    const answer = await fetch(await deploy('loop { test::echo(1); }'))
    expect(answer.status).toBe(500)
    expect(await answer.json()).toMatchObject({
      code: 'PIC_SCRIPT_LIMIT',
      detail: expect.stringMatching(/hostCallsMax is 5\. PICLOUD_LIMIT_HOST_CALLS raises it/),
    })
  })
})
