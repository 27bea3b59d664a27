/**
 * Measures what hostile programs cost: `npm run -s bench:hostile -- [--operations N] [--worst N] [--only TEXT]`.
 *
 * Prints the programs with the most nanoseconds of processor time per operation. The figures tell whether the meter
 * is honest: no program may be far above the ordinary ones.
 *
 * @module
 */
import { parseArgs } from 'node:util'
import { compile, RhaiError, type RunLimits } from '@picloud/rhai'
import { HOSTILE_PROGRAMS, type HostileProgram } from './programs.ts'

const NS_PER_MS = 1e6
const US_PER_MS = 1000
const SLOW_MS = 2000

const { values } = parseArgs({
  options: {
    operations: { type: 'string', default: '5000000' },
    worst: { type: 'string', default: '40' },
    only: { type: 'string', default: '' },
  },
})

const budget = Number(values.operations)

const LIMITS: Partial<RunLimits> = {
  stringBytesMax: 8 * 1024 * 1024,
  arrayItemsMax: 1_000_000,
  mapEntriesMax: 200_000,
  // Never passed, but counted.
  dataBytesMax: Number.MAX_SAFE_INTEGER,
}

interface Outcome {
  readonly ms: number
  readonly operations: number
  readonly end: string
}

interface Measured extends Outcome {
  readonly name: string
  readonly nsPerOperation: number
}

const measured = HOSTILE_PROGRAMS.filter(({ name }) => name.includes(values.only)).map(measure)
measured.sort((left, right) => right.nsPerOperation - left.nsPerOperation)
console.log('      ms  operations   ns/op  program')
for (const each of measured.slice(0, Number(values.worst))) {
  const columns = [
    each.ms.toFixed(0).padStart(8),
    String(each.operations).padStart(11),
    each.nsPerOperation.toFixed(1).padStart(9),
    ` ${each.name}`,
    each.end === 'ErrorTooManyOperations' ? '' : ` -> ${each.end}`,
  ]
  console.log(columns.join(' '))
}

/** What the body costs beyond its setup. */
function measure({ name, setup, body }: HostileProgram): Measured {
  const before = outcomeOf(setup, 0)
  const whole = outcomeOf(`${setup} ${body}`, before.operations + budget)
  const ms = Math.max(0, whole.ms - before.ms)
  const operations = whole.operations - before.operations
  if (ms > SLOW_MS) console.error(`${ms.toFixed(0)} ms for ${operations} operations: ${name}`)
  return { name, ms, operations, end: whole.end, nsPerOperation: (ms * NS_PER_MS) / operations }
}

function outcomeOf(source: string, operationsMax: number): Outcome {
  const start = process.cpuUsage()
  const spentMs = (): number => {
    const { user, system } = process.cpuUsage(start)
    return (user + system) / US_PER_MS
  }
  try {
    const limits = { ...LIMITS, operationsMax }
    const { operations } = compile(source)
      .instantiate()
      .run({ limits, print() {}, debug() {} })
    return { ms: spentMs(), operations, end: 'value' }
  } catch (error) {
    if (!(error instanceof RhaiError)) throw error
    const ms = spentMs()
    const end =
      error.limit?.name === 'operationsMax'
        ? error.kind
        : `${error.kind}: ${error.text.slice(0, 60)}`
    return { ms, operations: error.operations ?? 0, end }
  }
}
