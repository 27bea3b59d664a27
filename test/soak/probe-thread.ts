/**
 * What the probe's thread does. It ends when it is told to, with all samples as its one message.
 *
 * @module
 */
import { Agent } from 'node:http'
import { parentPort, workerData } from 'node:worker_threads'
import { askApp } from './ask-app.ts'
import type { ProbeOptions, ProbeSample } from './probe.ts'

const { url, host, path, requestsPerSecond, word } = workerData as ProbeOptions
const agent = new Agent({ keepAlive: true })
const samples: ProbeSample[] = []
const underWay = new Set<Promise<void>>()
let sent = 0

const timer = setInterval(() => {
  const asking = ask().finally(() => underWay.delete(asking))
  underWay.add(asking)
}, 1000 / requestsPerSecond)

parentPort?.once('message', async () => {
  clearInterval(timer)
  await Promise.all(underWay)
  agent.destroy()
  parentPort?.postMessage(samples)
})

async function ask(): Promise<void> {
  sent += 1
  const n = sent
  const at = Date.now()
  const answer = await askApp({ url, host, path: `${path}?n=${n}`, agent })
  const { status, ms, requestId, code } = answer
  const isOwnAnswer = status !== 200 || answer.text === `${word} ${n}`
  samples.push({ at, ms, status, requestId, code, isOwnAnswer })
}
