/**
 * The host service `secrets`: what an administrator has set for the app, by its name.
 *
 *     secrets::get(name)    the value, a string
 *     secrets::has(name)    whether there is one
 *
 * Every call is one query, so a value that was changed is the new one in the next call, on every
 * node. The app is the caller's, as the supervisor knows it: a script names secrets and nothing else.
 *
 * @module
 */
import {
  type HostService,
  type HostServiceCall,
  HostServiceError,
  type HostValue,
  isSecretName,
} from '@picloud/shared'
import { type Database, openSecret, type SecretKeys, SecretKeyUnknownError } from '@picloud/storage'
import { quoted } from '../quoted.ts'

export interface SecretsServiceOptions {
  readonly database: Pick<Database, 'secrets'>
  readonly keys: SecretKeys
}

/** A name that no secret can have is quoted no further than this. */
const SHOWN_NAME_LENGTH_MAX = 64

export function secretsService({ database, keys }: SecretsServiceOptions): HostService {
  async function get({ app, args: [given] }: HostServiceCall): Promise<string> {
    const name = String(given)
    const place = { appId: app.id, name }
    const found = isSecretName(name) ? await database.secrets.find(place) : null
    if (found === null) throw notFound(name)
    const key = await keys.find(found.keyId)
    if (key === null) throw new SecretKeyUnknownError(found.keyId, name)
    // Not the place that was found, but the one that was asked for.
    return openSecret(key, place, found.sealed)
  }

  async function has({ app, args: [given] }: HostServiceCall): Promise<boolean> {
    const name = String(given)
    return isSecretName(name) && (await database.secrets.has({ appId: app.id, name }))
  }

  const handlers: Readonly<Record<string, (call: HostServiceCall) => Promise<HostValue>>> = {
    get,
    has,
  }
  return {
    name: 'secrets',
    functions: [
      { name: 'get', parameters: ['string'], answersSecret: true },
      { name: 'has', parameters: ['string'] },
    ],
    call: async (call) => (await handlers[call.function]?.(call)) ?? null,
  }
}

function notFound(name: string): HostServiceError {
  const shown = JSON.stringify(quoted(name, SHOWN_NAME_LENGTH_MAX))
  return new HostServiceError('PIC_SECRETS_NOT_FOUND', `The app has no secret named ${shown}.`)
}
