/**
 * What a request of one app takes while another app has a thousand waiting, beside what it takes
 * alone.
 *
 * @module
 */
import { request } from 'node:http'
import { type Figure, median } from '../figure.ts'
import { loadGenerator } from '../load.ts'
import { deploy, note, type Section, type SectionOptions, startInNewFolder } from '../section.ts'

const WAITING = 1_000
const REQUESTS = 100
const FLOODED_HOST = 'flood.example'
/** Turns of a loop: some milliseconds of computing, and ten times as much. */
const LENGTHS = { short: 200_000, long: 2_000_000 }

export const fairness: Section = {
  name: 'fairness',
  title: `a request beside ${WAITING} of another app`,
  run: async (options) => [
    ...(await besideFlood('short', options)),
    ...(await besideFlood('long', options)),
  ],
}

async function besideFlood(
  length: keyof typeof LENGTHS,
  { seconds }: SectionOptions,
): Promise<readonly Omit<Figure, 'section'>[]> {
  await using stack = new AsyncDisposableStack()
  const server = await startInNewFolder(stack)
  const source = `let sum = 0; for i in 0..${LENGTHS[length]} { sum += i % 7; } #{ sum: sum }`
  await deploy(server, '/work', source)
  const flooded = await server.ask('POST', '/apps', { slug: 'flooded', name: 'Flooded' })
  await server.ask('POST', `/apps/${flooded.id}/domains`, { pattern: FLOODED_HOST })
  await deploy(server, '/work', source, 'flooded')
  const url = `${server.url}work`
  await times(url)
  const alone = median(await times(url))
  note(`${WAITING} requests of another app`)
  const load = loadGenerator().run({
    url,
    host: FLOODED_HOST,
    connections: WAITING,
    seconds: seconds + 2,
  })
  await new Promise((resolve) => setTimeout(resolve, 1_000))
  const beside = median(await times(url))
  await load
  return [
    { name: `a ${length} script alone`, value: alone, unit: 'ms' },
    { name: `a ${length} script beside them`, value: beside, unit: 'ms' },
    { name: 'times as long', value: beside / alone, unit: 'ratio', atMost: 2 },
  ]
}

/** How long requests take, one after the other on one connection, in milliseconds. */
async function times(url: string): Promise<readonly number[]> {
  const measured: number[] = []
  for (let number = 0; number < REQUESTS; number += 1) {
    const start = performance.now()
    await answerOf(url)
    measured.push(performance.now() - start)
  }
  return measured
}

/** Lighter than `fetch`, which would be a part of what is measured. */
async function answerOf(url: string): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    request(url, (response) => {
      response.resume().on('end', () => {
        if (response.statusCode === 200) resolve()
        else reject(new Error(`${url} answered ${response.statusCode}`))
      })
    })
      .on('error', reject)
      .end()
  })
}
