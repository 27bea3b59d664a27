/**
 * What a section of the measurement is given, and what it gives.
 *
 * @module
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  type PicloudServer,
  type PicloudServerOptions,
  startPicloudServer,
} from '../picloud-server.ts'
import type { Figure } from './figure.ts'
import { type LoadOptions, type LoadResult, loadGenerator } from './load.ts'

export interface SectionOptions {
  readonly seconds: number
  readonly rounds: number
  readonly connections: number
}

export interface Section {
  readonly name: string
  /** What its figures are about, in a line. */
  readonly title: string
  /** Takes minutes: run only when it is named. */
  readonly isLong?: boolean
  run(options: SectionOptions): Promise<readonly Omit<Figure, 'section'>[]>
}

const WARM_UP_SECONDS = 3

/** Under load by turns, so that what the machine does meanwhile meets all of them alike. */
export async function byTurns<Name extends string>(
  loads: Readonly<Record<Name, Omit<LoadOptions, keyof SectionOptions>>>,
  options: SectionOptions,
): Promise<Readonly<Record<Name, readonly LoadResult[]>>> {
  const generator = loadGenerator()
  const names = Object.keys(loads) as Name[]
  const results = Object.fromEntries(names.map((name) => [name, []])) as unknown as Record<
    Name,
    LoadResult[]
  >
  for (const name of names) {
    await generator.run({ ...options, ...loads[name], seconds: WARM_UP_SECONDS })
  }
  for (let round = 1; round <= options.rounds; round += 1) {
    for (const name of names) {
      note(`round ${round} of ${options.rounds}: ${name}`)
      results[name].push(await generator.run({ ...options, ...loads[name] }))
    }
  }
  return results
}

/** PiCloud in a folder of its own, which goes with it. */
export async function startInNewFolder(
  stack: AsyncDisposableStack,
  options: Omit<PicloudServerOptions, 'dataDir'> = {},
): Promise<PicloudServer> {
  const dataDir = await mkdtemp(join(tmpdir(), 'picloud-bench-'))
  stack.defer(() => rm(dataDir, { recursive: true, force: true }))
  const server = await startPicloudServer({ ...options, dataDir })
  stack.defer(server.stop)
  return server
}

/** A script with a route to it. */
export async function deploy(
  server: PicloudServer,
  path: string,
  source: string,
  slug = 'default',
): Promise<void> {
  const name = path.replaceAll(/[^a-z0-9]+/g, '-').replaceAll(/^-|-$/g, '')
  const app = await server.ask('GET', `/apps/${slug}`)
  const script = await server.ask('POST', '/scripts', { app_id: app.id, name, source })
  await server.ask('POST', '/routes', {
    app_id: app.id,
    script_id: script.id,
    method: '*',
    path_pattern: path,
  })
}

export function note(text: string): void {
  process.stderr.write(`${text}\n`)
}
