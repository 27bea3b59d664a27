/**
 * One or several abuses played out on one program while the victim's clients go on, and the
 * judgment of it: what must hold whatever was done.
 *
 * @module
 */
import { availableParallelism } from 'node:os'
import { createTestDatabase } from '@picloud/storage/testing'
import { useOf } from '../../bench/http/processes.ts'
import { SeededRandom } from '../hammer/seeded-random.ts'
import { type Abuse, type Attack, Notes, pause } from './abuse.ts'
import { sandboxesOf } from './abuses/sandboxes.ts'
import { metricsOf, sumOf } from './metrics.ts'
import { type Probe, type ProbeSample, startProbe } from './probe.ts'
import { countRecords } from './records.ts'
import { type Stage, startStage, VICTIM_HOST, VICTIM_PATH, VICTIM_WORD } from './stage.ts'
import { Writer } from './writer.ts'

export interface TrialOptions {
  readonly seed: number
  /** Before anything is measured. */
  readonly warmUpSeconds: number
  readonly quietSeconds: number
  /** Of each abuse. */
  readonly seconds: number
  readonly requestsPerSecond: number
  /** Settings for all of them together. */
  readonly settings?: Readonly<Record<string, string>>
  /** Called before each abuse, and at the end. */
  readonly onTurn?: (abuse: string, state: TrialState) => void
}

export interface TrialState {
  /** Of all processes together. */
  readonly memoryBytes: number
  readonly processes: number
}

export interface Trial {
  /** What must not be; empty: all holds. */
  readonly findings: readonly string[]
  readonly quietP99Ms: number
  readonly p99Ms: number
  /** Requests of the victim's clients during the abuses. */
  readonly asked: number
  /** What the victim was answered besides 200, where that may be. */
  readonly victimCodes: ReadonlyMap<string, number>
  readonly answers: ReadonlyMap<string, number>
  readonly facts: ReadonlyMap<string, number>
}

/** Besides sandboxes and refuges: the spare, and one that was replaced and still answers. */
const BESIDES_MAX = 2
/** Where the embedded database is killed it takes a moment to come back. */
const BACK_MS_MAX = 30_000

/** @param turns in this order, and again when one is in it twice */
export async function tryAbuses(turns: readonly Abuse[], options: TrialOptions): Promise<Trial> {
  await using stack = new AsyncDisposableStack()
  const stage = await startStage(stack, await programOptions(stack, turns, options))
  const attacks = new Map<Abuse, Attack>()
  for (const abuse of new Set(turns)) attacks.set(abuse, await abuse.prepare(stage))
  const notes = new Notes()
  const ended = new AbortController()
  stack.defer(() => ended.abort())
  const writer = new Writer(stage.server)
  const writing = writer.workUntil(ended.signal)
  const probe = await startVictimProbe(stage, options)
  await pause((options.warmUpSeconds + options.quietSeconds) * 1000)
  const begunAt = Date.now()
  const random = new SeededRandom(options.seed)
  for (const abuse of turns) {
    options.onTurn?.(abuse.name, stateOf(stage))
    await attacks.get(abuse)?.({ random, notes, signal: timeOf(abuse, options) })
  }
  const endedAt = Date.now()
  options.onTurn?.('end', stateOf(stage))
  ended.abort()
  await writing
  const samples = await probe.stop()
  await judgeEnd(stage, { notes, samples, writer })
  const quiet = samples.filter(
    ({ at }) => at < begunAt && at >= begunAt - options.quietSeconds * 1000,
  )
  const during = samples.filter(({ at }) => at >= begunAt && at < endedAt)
  const codes = new Set(turns.flatMap(({ victimCodes = [] }) => victimCodes))
  const victimCodes = judgeVictim(samples, codes, notes)
  const { answers, facts } = notes
  return {
    findings: notes.findings,
    quietP99Ms: p99Of(quiet),
    p99Ms: p99Of(during),
    asked: during.length,
    victimCodes,
    answers,
    facts,
  }
}

async function programOptions(
  stack: AsyncDisposableStack,
  turns: readonly Abuse[],
  { settings }: TrialOptions,
) {
  const all = Object.assign({}, ...turns.map((turn) => turn.settings ?? {}), settings)
  if (!turns.some(({ hasOwnDatabase }) => hasOwnDatabase === true)) return { settings: all }
  const database = await createTestDatabase()
  stack.defer(() => database.drop())
  return { settings: all, connectionString: database.connectionString }
}

async function startVictimProbe({ server }: Stage, options: TrialOptions): Promise<Probe> {
  return await startProbe({
    url: server.url,
    host: VICTIM_HOST,
    path: VICTIM_PATH,
    requestsPerSecond: options.requestsPerSecond,
    word: VICTIM_WORD,
  })
}

function timeOf({ secondsMin = 0 }: Abuse, { seconds }: TrialOptions): AbortSignal {
  return AbortSignal.timeout(Math.max(seconds, secondsMin) * 1000)
}

function stateOf({ server }: Stage): TrialState {
  const uses = useOf(server.pid)
  const memoryBytes = uses.reduce((sum, { proportionalBytes }) => sum + (proportionalBytes ?? 0), 0)
  return { memoryBytes, processes: uses.length }
}

interface Evidence {
  readonly notes: Notes
  readonly samples: readonly ProbeSample[]
  readonly writer: Writer
}

/** What is there once all is over. */
async function judgeEnd(stage: Stage, { notes, samples, writer }: Evidence): Promise<void> {
  const { server } = stage
  try {
    await answersAgain(stage)
    const victims = samples.filter(({ status }) => status === 200).map((each) => each.requestId)
    const { missing, accounted } = await countRecords(server, [
      { app: stage.victim.slug, answered: victims },
      { app: stage.attacker.slug, answered: notes.acknowledged },
    ])
    notes.count('records lost and counted', accounted)
    if (missing > accounted) notes.wrong(`${missing} records are missing, ${accounted} counted`)
    const lost = await writer.missing()
    if (lost.length > 0) notes.wrong(`acknowledged writes are lost: ${lost}`)
    notes.count('writes acknowledged', writer.acknowledged.length)
    for (const [status, times] of writer.refused) {
      notes.count(`writes answered ${status}`, times)
      if (status !== 503) notes.wrong(`a write was answered ${status}`)
    }
    notes.count('sandboxes lost', sumOf(await metricsOf(server), 'picloud_sandboxes_lost_total'))
    const sandboxes = sandboxesOf(server.pid).length
    if (sandboxes > availableParallelism() + BESIDES_MAX)
      notes.wrong(`${sandboxes} sandboxes are left`)
  } catch (error) {
    notes.wrong(`the program is not as it was: ${error}`)
  }
}

async function answersAgain({ server }: Stage): Promise<void> {
  const giveUpAt = Date.now() + BACK_MS_MAX
  for (;;) {
    const { status, text } = await server.request('GET', '/api/v1/admin/apps')
    if (status === 200) return
    if (Date.now() > giveUpAt) throw new Error(`the API still answers ${status}: ${text}`)
    await pause(100)
  }
}

function judgeVictim(
  samples: readonly ProbeSample[],
  allowed: ReadonlySet<string>,
  notes: Notes,
): ReadonlyMap<string, number> {
  const seen = new Map<string, number>()
  for (const { status, code, isOwnAnswer } of samples) {
    if (!isOwnAnswer) notes.wrong('the victim’s client was given the answer to something else')
    if (status === 200) continue
    if (allowed.has(code)) seen.set(`${status} ${code}`, (seen.get(`${status} ${code}`) ?? 0) + 1)
    else if (status === 0) notes.wrong(`the victim’s client got no answer: ${code}`)
    else notes.wrong(`the victim’s client was answered ${status} ${code}`)
  }
  return seen
}

function p99Of(samples: readonly ProbeSample[]): number {
  const sorted = samples.map(({ ms }) => ms).sort((a, b) => a - b)
  return sorted[Math.ceil(sorted.length * 0.99) - 1] ?? Number.NaN
}
