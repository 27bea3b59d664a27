/**
 * What an abuse is played out on: the built program in a folder of its own, with an app that must
 * not suffer and an app that does what it can.
 *
 * @module
 */
import { Agent } from 'node:http'
import { startInNewFolder } from '../../bench/http/section.ts'
import type { PicloudServer, PicloudServerOptions } from '../../bench/picloud-server.ts'
import { type AppAnswer, type AppRequest, askApp } from './ask-app.ts'

export const VICTIM_HOST = 'victim.example.com'
export const ATTACKER_HOST = 'attacker.example.com'
/** Of its only script. */
export const VICTIM_PATH = '/script-1'

/** What the victim's script answers begins with: nobody else may ever be given it. */
export const VICTIM_WORD = 'only-for-the-victim'

/** What is provoked is no news. */
const QUIET = { PICLOUD_LOG_LEVEL: 'silent' }

export interface Stage {
  readonly server: PicloudServer
  readonly victim: StageApp
  readonly attacker: StageApp
}

export class StageApp {
  readonly slug: string
  readonly host: string
  readonly #server: PicloudServer
  readonly #sources = new Map<string, string>()

  constructor(server: PicloudServer, slug: string, host: string) {
    this.#server = server
    this.slug = slug
    this.host = host
  }

  /** Deploys one more script with a route to it; the path. */
  async deploy(source: string): Promise<string> {
    const [path = ''] = await this.deployAll([source])
    return path
  }

  /** All at once: the paths, in the order of the sources. */
  async deployAll(sources: readonly string[]): Promise<readonly string[]> {
    const names = sources.map((_, index) => `script-${this.#sources.size + index + 1}`)
    for (const [index, name] of names.entries()) this.#sources.set(name, sources[index] ?? '')
    await this.#server.ask('PUT', `/apps/${this.slug}/manifest`, {
      domains: [this.host],
      scripts: Array.from(this.#sources, ([name, source]) => ({ name, source })),
      routes: Array.from(this.#sources.keys(), (script) => ({
        path_pattern: `/${script}`,
        script,
      })),
    })
    return names.map((name) => `/${name}`)
  }

  async ask(request: Omit<AppRequest, 'url' | 'host'>): Promise<AppAnswer> {
    return await askApp({ ...request, url: this.#server.url, host: this.host })
  }

  /** Connections of one kind of client. */
  static agent(): Agent {
    return new Agent({ keepAlive: true })
  }
}

export async function startStage(
  stack: AsyncDisposableStack,
  options: Omit<PicloudServerOptions, 'dataDir'>,
): Promise<Stage> {
  const settings = { ...QUIET, ...options.settings }
  const server = await startInNewFolder(stack, { ...options, settings })
  const victim = await makeApp(server, 'victim', VICTIM_HOST)
  const attacker = await makeApp(server, 'attacker', ATTACKER_HOST)
  await victim.deploy(`"${VICTIM_WORD} " + request.query.n`)
  return { server, victim, attacker }
}

async function makeApp(server: PicloudServer, slug: string, host: string): Promise<StageApp> {
  await server.ask('POST', '/apps', { slug })
  return new StageApp(server, slug, host)
}
