/**
 * What PiCloud takes while nobody asks anything: all its processes, the embedded database included.
 *
 * A query would wake the backend process of its connection, so connections that were not woken have
 * seen none.
 *
 * @module
 */
import { type ProcessUse, useOf } from '../processes.ts'
import { note, type Section, startInNewFolder } from '../section.ts'

const APPS = 100
const IDLE_SECONDS = 60
/**
 * What follows the last request: records are written, sandboxes above the warm one end, and V8 tidies
 * its heap once more, a hundred seconds later.
 */
const SETTLE_SECONDS = 150

export const idle: Section = {
  name: 'idle',
  title: `idle with ${APPS} apps for ${IDLE_SECONDS} s`,
  isLong: true,
  run: async () => {
    await using stack = new AsyncDisposableStack()
    const server = await startInNewFolder(stack)
    for (let number = 0; number < APPS; number += 1) {
      await server.ask('POST', '/apps', { slug: `idle-${number}`, name: `Idle ${number}` })
    }
    await (await fetch(server.url)).arrayBuffer()
    note(`waiting ${SETTLE_SECONDS} s for rest, then ${IDLE_SECONDS} s at rest`)
    await seconds(SETTLE_SECONDS)
    const before = useOf(server.pid)
    await seconds(IDLE_SECONDS)
    const after = useOf(server.pid)
    for (const { pid, title, cpuSeconds, wakeUps } of after) {
      const earlier = before.find((process) => process.pid === pid)
      const ms = 1000 * (cpuSeconds - (earlier?.cpuSeconds ?? 0))
      const woken = wakeUps - (earlier?.wakeUps ?? 0)
      if (ms + woken > 0) note(`${ms.toFixed(0)} ms, woken ${woken} times: ${title.slice(-60)}`)
    }
    const used = sum(after, 'cpuSeconds') - sum(before, 'cpuSeconds')
    return [
      { name: 'of a core', value: (100 * used) / IDLE_SECONDS, unit: '%', atMost: 0.1 },
      {
        name: 'wake-ups of database connections',
        value: connectionWakeUps(after) - connectionWakeUps(before),
        unit: '',
        atMost: 0,
      },
      { name: 'wake-ups in all', value: sum(after, 'wakeUps') - sum(before, 'wakeUps'), unit: '' },
      { name: 'processes', value: after.length, unit: '' },
    ]
  },
}

/** A backend's title is `postgres: USER DATABASE [local] STATE`. */
function connectionWakeUps(processes: readonly ProcessUse[]): number {
  return sum(
    processes.filter(({ title }) => title.includes('[local]')),
    'wakeUps',
  )
}

function sum(processes: readonly ProcessUse[], figure: 'cpuSeconds' | 'wakeUps'): number {
  return processes.reduce((total, process) => total + process[figure], 0)
}

async function seconds(count: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, count * 1000))
}
