import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import process from 'node:process'
import { afterEach, describe, expect, it } from 'vitest'
import { timesOf, usesOf } from './process-tree.ts'
import { thisMachine } from './this-machine.ts'

const children: ChildProcess[] = []

afterEach(async () => {
  for (const child of children.splice(0)) {
    if (child.exitCode !== null || child.signalCode !== null) continue
    child.kill('SIGKILL')
    await once(child, 'exit')
  }
})

/** Runs a program that computes for a while, says so, and waits. */
async function busyChild(): Promise<ChildProcess> {
  const source = `const until = process.cpuUsage().user + 300_000
    while (process.cpuUsage().user < until);
    console.log('done'); setInterval(() => {}, 60_000)`
  const child = spawn(process.execPath, ['-e', source], { stdio: ['ignore', 'pipe', 'inherit'] })
  children.push(child)
  if (child.stdout === null) throw new Error('no output')
  await once(child.stdout, 'data')
  return child
}

describe.runIf(existsSync('/proc/self/stat'))('the processes of a program', () => {
  it('are itself and its children, each with its memory', async () => {
    const child = await busyChild()
    const uses = usesOf([process.pid]) ?? []
    expect(uses[0]?.pid).toBe(process.pid)
    const use = uses.find(({ pid }) => pid === child.pid)
    expect(use?.title).toContain(process.execPath)
    expect(use?.proportionalBytes).toBeGreaterThan(5_000_000)
    expect(use?.cpuSeconds).toBeGreaterThanOrEqual(0.3)
  })

  it('keep in their sum what those used that have ended', async () => {
    const machine = thisMachine()
    const before = machine.cpuSeconds() ?? 0
    const child = await busyChild()
    const running = machine.cpuSeconds() ?? 0
    expect(running - before).toBeGreaterThanOrEqual(0.3)
    child.kill('SIGKILL')
    await once(child, 'exit')
    expect(timesOf([process.pid])?.some(({ pid }) => pid === child.pid)).toBe(false)
    expect(machine.cpuSeconds()).toBeGreaterThanOrEqual(running)
  })

  it('have their roles: the database is the one that is named', async () => {
    const database = await busyChild()
    const sandbox = await busyChild()
    expect([database.pid, sandbox.pid]).not.toContain(undefined)
    const machine = thisMachine({ databasePid: () => database.pid ?? null })
    const roles = machine.processes()?.map(({ role }) => role) ?? []
    expect(roles.filter((role) => role === 'program')).toHaveLength(1)
    expect(roles.filter((role) => role === 'database')).toHaveLength(1)
    expect(roles).toContain('sandbox')
  })

  it('are none below a process that is not there', () => {
    expect(usesOf([2 ** 22 + 1])).toEqual([])
  })
})

it('says no loopback address to be the address of the machine', () => {
  const addresses = thisMachine().addresses()
  expect(addresses).not.toContain('127.0.0.1')
  expect(addresses).not.toContain('::1')
})
