/**
 * Abuses the built program as hostile scripts, broken sandboxes, a lost database and malicious
 * clients would, and says what the others notice of it:
 *
 *     npm run -s soak [-- --only NAME,NAME] [--seconds N] [--minutes N] [--seed N] [--json]
 *
 * Ends with 1 when something was found that must not be. A ratio above 3 is shown, and is no such
 * finding: on a machine that does something else it means nothing.
 */
import { parseArgs } from 'node:util'
import { type Figure, lineOf } from '../../bench/http/figure.ts'
import { SeededRandom } from '../hammer/seeded-random.ts'
import type { Abuse } from './abuse.ts'
import { ABUSES, MIXED } from './abuses.ts'
import { type Trial, type TrialState, tryAbuses } from './trial.ts'

const HELP = `npm run -s soak [-- OPTIONS]

  --only NAME,NAME  these abuses alone; "mixed" is a random choice of them on one program
  --seconds N       of each abuse, and before it to see how the victim is when all is quiet (15)
  --minutes N       of the mixed one (5)
  --rate N          requests a second of the victim's clients (50)
  --seed N          of every random choice (1)
  --json            one line of JSON for each abuse

Abuses:
${ABUSES.map(({ name, title }) => `  ${name.padEnd(17)} ${title}`).join('\n')}
  mixed             all sorts of them in turn, with what memory does meanwhile`

const RATIO_MAX = 3
const GROWTH_MAX = 1.5
const MIXED_SECONDS = 10
const MB = 1024 ** 2

const { values } = parseArgs({
  options: {
    only: { type: 'string', default: '' },
    seconds: { type: 'string', default: '15' },
    minutes: { type: 'string', default: '5' },
    rate: { type: 'string', default: '50' },
    seed: { type: 'string', default: '1' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})
const seed = Number(values.seed)
const seconds = Number(values.seconds)
const options = {
  seed,
  seconds,
  warmUpSeconds: 3,
  quietSeconds: seconds,
  requestsPerSecond: Number(values.rate),
}

if (values.help) console.log(HELP)
else {
  for (const name of chosenNames()) {
    process.stderr.write(`${name}\n`)
    const abuse = ABUSES.find((each) => each.name === name)
    if (abuse === undefined) await soakMixed()
    else show(abuse.name, abuse.title, await tryAbuses([abuse], options), [])
  }
}

function chosenNames(): readonly string[] {
  const all = [...ABUSES.map(({ name }) => name), 'mixed']
  if (values.only === '') return all
  const names = values.only.split(',')
  const unknown = names.filter((name) => !all.includes(name))
  if (unknown.length > 0) throw new Error(`There is no ${unknown}: ${all.join(', ')}`)
  return names
}

async function soakMixed(): Promise<void> {
  const random = new SeededRandom(seed)
  const count = Math.max(1, Math.round((Number(values.minutes) * 60) / MIXED_SECONDS))
  const turns = Array.from({ length: count }, (): Abuse | undefined => random.among(MIXED))
  const states: TrialState[] = []
  const trial = await tryAbuses(
    turns.filter((turn) => turn !== undefined),
    {
      ...options,
      seconds: MIXED_SECONDS,
      onTurn: (name, state) => {
        states.push(state)
        const { memoryBytes, processes } = state
        process.stderr.write(
          `  ${name}: ${(memoryBytes / MB).toFixed(0)} MB, ${processes} processes\n`,
        )
      },
    },
  )
  const megabytes = states.map(({ memoryBytes }) => memoryBytes / MB)
  // The first turns fill caches and pools.
  const early = Math.max(...megabytes.slice(0, Math.ceil(count / 4)))
  const late = Math.max(...megabytes.slice(-Math.ceil(count / 4)))
  show('mixed', 'all sorts of abuses in turn', trial, [
    { name: 'memory in the first quarter, at most', value: early, unit: 'MB' },
    { name: 'memory in the last quarter, at most', value: late, unit: 'MB' },
    { name: 'growth', value: late / early, unit: 'ratio', atMost: GROWTH_MAX },
    {
      name: 'processes, at most',
      value: Math.max(...states.map((each) => each.processes)),
      unit: '',
    },
  ])
}

function show(name: string, title: string, trial: Trial, more: readonly Omit<Figure, 'section'>[]) {
  const { findings, quietP99Ms, p99Ms, asked, victimCodes, answers, facts } = trial
  if (findings.length > 0) process.exitCode = 1
  const figures = [
    { name: "the victim's p99 when all is quiet", value: quietP99Ms, unit: 'ms' },
    { name: 'during the abuse', value: p99Ms, unit: 'ms' },
    { name: 'ratio', value: p99Ms / quietP99Ms, unit: 'ratio', atMost: RATIO_MAX },
    ...more,
  ].map((figure) => ({ section: name, ...figure }))
  const tallies = {
    'the victim besides 200': Object.fromEntries(victimCodes),
    'the attacker': Object.fromEntries(answers),
    facts: Object.fromEntries(facts),
  }
  if (values.json) {
    console.log(JSON.stringify({ abuse: name, seed, asked, figures, tallies, findings }))
    return
  }
  console.log(`${name}: ${title}\n`)
  for (const figure of figures) console.log(lineOf(figure))
  console.log(`  ${asked} requests of the victim's clients during it`)
  for (const [who, tally] of Object.entries(tallies)) {
    for (const [what, times] of Object.entries(tally)) console.log(`  ${who}: ${what}: ${times}`)
  }
  for (const finding of findings) console.log(`  FOUND: ${finding}`)
  console.log('')
}
