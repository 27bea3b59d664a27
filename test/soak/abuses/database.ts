/**
 * The database goes away under load: it stops answering, or it dies. What is asked of the program
 * then: scripts go on, records are caught up with or counted, writes of the control plane are
 * refused cleanly.
 *
 * @module
 */
import { useOf } from '../../../bench/http/processes.ts'
import { type Abuse, type Fight, pause } from '../abuse.ts'
import { signalIfThere } from '../signal.ts'
import { type Stage, StageApp } from '../stage.ts'
import { REFUSED } from './codes.ts'

const CLIENTS = 4
const STOPPED_SECONDS = 30
/** As long as a timer goes. */
const LONGEST_MS = 2 ** 31 - 1

export const databaseStopped: Abuse = {
  name: 'database-stopped',
  title: 'the embedded database stops answering',
  secondsMin: STOPPED_SECONDS,
  prepare: (stage) => underLoad(stage, (fight) => stopped(ownServer(stage), fight)),
}

export const remoteDatabaseStopped: Abuse = {
  name: 'database-remote',
  title: 'a database server elsewhere stops answering',
  hasOwnDatabase: true,
  secondsMin: STOPPED_SECONDS,
  prepare: (stage) => underLoad(stage, (fight) => stopped(otherServer(stage), fight)),
}

export const databaseKilled: Abuse = {
  name: 'database-killed',
  title: 'the embedded database is killed, again and again',
  prepare: (stage) =>
    underLoad(stage, async ({ signal, notes }) => {
      while (!signal.aborted) {
        for (const pid of ownServer(stage)) signalIfThere(pid, 'SIGKILL')
        notes.count('kills')
        await pause(5_000, signal)
      }
    }),
}

async function underLoad({ attacker }: Stage, fault: (fight: Fight) => Promise<void>) {
  const path = await attacker.deploy('log::info("as ever"); 1')
  return async (fight: Fight): Promise<void> => {
    const agent = StageApp.agent()
    const calls = Array.from({ length: CLIENTS }, async () => {
      while (!fight.signal.aborted) {
        const answer = await attacker.ask({ path, agent })
        fight.notes.answered('a script without the database', answer, REFUSED)
      }
    })
    await fault(fight)
    await Promise.all(calls)
    agent.destroy()
  }
}

async function stopped(pids: readonly number[], { signal, notes }: Fight): Promise<void> {
  if (pids.length === 0) notes.wrong('there is no database to stop')
  for (const pid of pids) signalIfThere(pid, 'SIGSTOP')
  await pause(LONGEST_MS, signal)
  for (const pid of pids) signalIfThere(pid, 'SIGCONT')
}

function ownServer({ server }: Stage): readonly number[] {
  return databasesBelow(server.pid)
}

/** The tests' own server is a child of this process. */
function otherServer({ server }: Stage): readonly number[] {
  const own = new Set(databasesBelow(server.pid))
  return databasesBelow(process.pid).filter((pid) => !own.has(pid))
}

/** The server and its sessions, its oldest process first. */
function databasesBelow(root: number): readonly number[] {
  return useOf(root)
    .filter(({ title }) => /postgres/.test(title) && !/node/.test(title))
    .map(({ pid }) => pid)
}
