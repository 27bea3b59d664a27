/**
 * An engine with a bug, as it looks from outside: sandbox processes that stop answering and ones
 * that die, while scripts of both apps run in them.
 *
 * @module
 */
import { useOf } from '../../../bench/http/processes.ts'
import { type Abuse, type Notes, pause } from '../abuse.ts'
import { signalIfThere } from '../signal.ts'
import { StageApp } from '../stage.ts'
import { KILLED, REFUSED } from './codes.ts'

/**
 * A sandbox may be the first process of its own namespace: from outside only these two reach one
 * (pid_namespaces(7)), so they stand for every way to hang and to crash.
 */
const SIGNALS = ['SIGSTOP', 'SIGKILL'] as const
const EVERY_MS = 700
const CLIENTS = 8
/** One that answers requests is woken about that often for them meanwhile. */
const WATCHED_MS = 100
const WAKE_UPS_MIN = 3
/** Beyond deadline and grace, until a killed process must be gone. */
const GONE_MS_MAX = 5_000

export const sandboxes: Abuse = {
  name: 'sandboxes',
  title: 'sandbox processes that hang and that crash',
  settings: { PICLOUD_LIMIT_DEADLINE_MS: '1000' },
  victimCodes: KILLED,
  prepare: async ({ server, attacker }) => {
    const path = await attacker.deploy('let n = 0; while n < 20000 { n += 1; } n')
    return async ({ random, signal, notes }) => {
      const agent = StageApp.agent()
      const calls = Array.from({ length: CLIENTS }, async () => {
        while (!signal.aborted) {
          const answer = await attacker.ask({ path, agent })
          notes.answered('a script in a lost sandbox', answer, [...KILLED, ...REFUSED])
        }
      })
      const hit = new Map<number, NodeJS.Signals>()
      while (!signal.aborted) {
        await pause(EVERY_MS, signal)
        const pid = random.among(await busySandboxesOf(server.pid))
        if (pid === undefined) continue
        const name = random.pick(SIGNALS)
        notes.count(`${name} sent`)
        hit.set(pid, name)
        signalIfThere(pid, name)
      }
      await Promise.all(calls)
      agent.destroy()
      await replaced(server.pid, hit, notes)
    }
  },
}

/** Those that are used: one that hangs and has nothing to do is nobody's trouble yet. */
async function busySandboxesOf(pid: number): Promise<readonly number[]> {
  const before = new Map(useOf(pid).map((use) => [use.pid, use.wakeUps]))
  await pause(WATCHED_MS)
  const sandboxes = new Set(sandboxesOf(pid))
  return useOf(pid)
    .filter(
      (use) => sandboxes.has(use.pid) && use.wakeUps - (before.get(use.pid) ?? 0) >= WAKE_UPS_MIN,
    )
    .map((use) => use.pid)
}

/** Process ids of the sandboxes a program runs. */
export function sandboxesOf(pid: number): readonly number[] {
  return useOf(pid)
    .filter(({ title }) => /^\S*node --permission/.test(title))
    .map((use) => use.pid)
}

/** One that hangs and has nothing to do is nobody's trouble: it is let go on. */
async function replaced(
  pid: number,
  hit: ReadonlyMap<number, NodeJS.Signals>,
  notes: Notes,
): Promise<void> {
  const giveUpAt = Date.now() + GONE_MS_MAX
  for (;;) {
    const there = sandboxesOf(pid)
    const left = there.filter((each) => hit.has(each))
    const dead = left.filter((each) => hit.get(each) !== 'SIGSTOP')
    const isOver = Date.now() > giveUpAt
    if ((left.length === 0 && there.length > 0) || isOver) {
      if (dead.length > 0) notes.wrong(`${dead.length} sandboxes outlive what kills them`)
      if (there.length === 0) notes.wrong('no sandbox is left')
      for (const each of left) signalIfThere(each, 'SIGCONT')
      notes.count('stopped while they had nothing to do', left.length - dead.length)
      return
    }
    await pause(50)
  }
}
