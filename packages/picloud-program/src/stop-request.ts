/**
 * Learns that the program shall stop, however it is told: a signal, or the process that started it
 * saying so or going away.
 *
 * @module
 */
import process from 'node:process'

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** Resolves once. Signals that come later change nothing: stopping has its own deadlines. */
export function stopRequested(): Promise<string> {
  return new Promise((resolve) => {
    for (const signal of SIGNALS) process.on(signal, () => resolve(signal))
    if (process.channel === undefined) return
    process.on('message', (message) => {
      if (message === 'stop') resolve('stop')
    })
    process.on('disconnect', () => resolve('disconnect'))
  })
}

/** Lets go of the process that started this one: the channel to it would keep this one alive. */
export function leaveParent(): void {
  if (process.connected) process.disconnect?.()
}
