/**
 * What the program counts of itself.
 *
 * @module
 */
import type { PicloudServer } from '../../bench/picloud-server.ts'

/** Figures by name and labels, as the text has them. */
export async function metricsOf({ request }: PicloudServer): Promise<ReadonlyMap<string, number>> {
  const { status, text } = await request('GET', '/metrics')
  if (status !== 200) throw new Error(`the metrics answered ${status}: ${text}`)
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'))
  return new Map(
    lines.map((line) => {
      const space = line.lastIndexOf(' ')
      return [line.slice(0, space), Number(line.slice(space + 1))]
    }),
  )
}

/** Of one name, whatever its labels. */
export function sumOf(metrics: ReadonlyMap<string, number>, name: string): number {
  let sum = 0
  for (const [key, value] of metrics) {
    if (key === name || key.startsWith(`${name}{`)) sum += value
  }
  return sum
}
