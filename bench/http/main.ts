/**
 * The whole road from socket to script and back, measured: beside other servers in the same run
 * where that is what counts, as machines are noisy.
 *
 *     npm run -s bench:http [-- --only NAME,NAME] [--long] [--json] [--seconds N] [--rounds N] [--connections N]
 *
 * Servers take turns, and medians of the rounds are shown. Each server and the load generator are
 * processes of their own. `--long` adds the sections that take minutes.
 */
import { parseArgs } from 'node:util'
import { type Figure, lineOf } from './figure.ts'
import { loadGenerator } from './load.ts'
import { note, type Section } from './section.ts'
import { deploys } from './sections/deploys.ts'
import { fairness } from './sections/fairness.ts'
import { hello } from './sections/hello.ts'
import { idle } from './sections/idle.ts'
import { kv } from './sections/kv.ts'
import { memory } from './sections/memory.ts'
import { outgoing } from './sections/outgoing.ts'
import { routing } from './sections/routing.ts'
import { waiting } from './sections/waiting.ts'
import { workloads } from './sections/workloads.ts'

const SECTIONS: readonly Section[] = [
  hello,
  workloads,
  routing,
  waiting,
  outgoing,
  kv,
  fairness,
  deploys,
  idle,
  memory,
]

const { values } = parseArgs({
  options: {
    only: { type: 'string', default: '' },
    long: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    seconds: { type: 'string', default: '5' },
    rounds: { type: 'string', default: '3' },
    connections: { type: 'string', default: '64' },
  },
})
const options = {
  seconds: Number(values.seconds),
  rounds: Number(values.rounds),
  connections: Number(values.connections),
}

const figures: Figure[] = []
for (const section of chosen()) {
  note(section.title)
  const measured = await section.run(options)
  figures.push(...measured.map((figure) => ({ section: section.name, ...figure })))
  if (values.json) continue
  console.log(`${section.title}\n`)
  for (const figure of measured) console.log(lineOf({ section: section.name, ...figure }))
  console.log('')
}
const generator = loadGenerator().name
if (values.json) console.log(JSON.stringify({ generator, ...options, figures }))
else {
  const { rounds, seconds, connections } = options
  console.log(`${generator}, ${connections} connections, medians of ${rounds} x ${seconds} s`)
}

function chosen(): readonly Section[] {
  if (values.only === '') return SECTIONS.filter(({ isLong }) => values.long || isLong !== true)
  return values.only.split(',').map((name) => {
    const section = SECTIONS.find((each) => each.name === name)
    if (section !== undefined) return section
    throw new Error(`There is no section ${name}: ${SECTIONS.map((each) => each.name).join(', ')}`)
  })
}
