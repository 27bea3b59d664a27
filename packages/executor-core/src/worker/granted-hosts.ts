/**
 * The hosts scripts are compiled with, one for each set of services that some app is granted.
 *
 * There are as many as there are such sets among the services there are: a name that is none of
 * them makes no other set.
 *
 * @module
 */
import type { Host } from '@picloud/rhai'
import type { ServiceManifest } from '../protocol/call-message.ts'
import { type CallService, hostOf, type OwnParts } from './host-modules.ts'

/** What an app is granted; null: all services there are. */
export type Grants = readonly string[] | null

export interface GrantedHostsOptions {
  readonly own: OwnParts
  readonly manifest: ServiceManifest
  readonly call: CallService
}

export class GrantedHosts {
  readonly #options: GrantedHostsOptions
  readonly #bySet = new Map<string, Host>()

  constructor(options: GrantedHostsOptions) {
    this.#options = options
  }

  for(grants: Grants): Host {
    const { own, manifest, call } = this.#options
    const offered = manifest.services.map(({ name }) => name)
    const granted = offered.filter((name) => grants === null || grants.includes(name))
    const key = granted.join()
    const known = this.#bySet.get(key)
    if (known !== undefined) return known
    const made = hostOf(own, manifest, call, (name) => granted.includes(name))
    this.#bySet.set(key, made)
    return made
  }
}
