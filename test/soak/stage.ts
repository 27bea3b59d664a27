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
export const VICTIM_PATH = '/quick'

/** What the victim's script answers begins with: nobody else may ever be given it. */
export const VICTIM_WORD = 'only-for-the-victim'

export interface Stage {
  readonly server: PicloudServer
  readonly victim: StageApp
  readonly attacker: StageApp
}

export class StageApp {
  readonly slug: string
  readonly host: string
  readonly #server: PicloudServer
  readonly #id: string
  #deployed = 0

  constructor(server: PicloudServer, app: { id: string; slug: string; host: string }) {
    this.#server = server
    this.#id = app.id
    this.slug = app.slug
    this.host = app.host
  }

  /** Deploys a script with a route to it; the path. */
  async deploy(source: string, path?: string): Promise<string> {
    this.#deployed += 1
    const name = `script-${this.#deployed}`
    const route = path ?? `/${name}`
    const script = await this.#server.ask('POST', '/scripts', { app_id: this.#id, name, source })
    await this.#server.ask('POST', '/routes', {
      app_id: this.#id,
      script_id: script.id,
      method: '*',
      path_pattern: route,
    })
    return route
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
  const server = await startInNewFolder(stack, options)
  const victim = await makeApp(server, 'victim', VICTIM_HOST)
  const attacker = await makeApp(server, 'attacker', ATTACKER_HOST)
  await victim.deploy(`"${VICTIM_WORD} " + request.query.n`, VICTIM_PATH)
  return { server, victim, attacker }
}

async function makeApp(server: PicloudServer, slug: string, host: string): Promise<StageApp> {
  const { id } = await server.ask('POST', '/apps', { slug })
  await server.ask('POST', `/apps/${slug}/domains`, { pattern: host })
  return new StageApp(server, { id, slug, host })
}
