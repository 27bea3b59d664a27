/**
 * The services of an executor, made ready to be called: their functions in one list, as sandboxes
 * number them.
 *
 * A sandbox is not trusted: what it calls with is compared with what the function takes.
 *
 * @module
 */
import { Host } from '@picloud/rhai'
import {
  HostChar,
  HostFloat,
  type HostService,
  type HostType,
  type HostValue,
  type Logger,
} from '@picloud/shared'
import { hostValueOf, ValueBytesError } from '@picloud/shared/value-bytes'
import type { ServiceManifest } from '../protocol/call-message.ts'
import { OWN_MODULE_NAMES } from '../protocol/own-modules.ts'
import { ProtocolError } from '../protocol/protocol-error.ts'

export interface ServiceFunction {
  readonly service: HostService
  readonly name: string
  readonly parameters: readonly HostType[]
  readonly sharesBudget: boolean
  /** Whether the answer is a secret, which the first argument names. */
  readonly answersSecret: boolean
}

/** What the sandbox offers itself, and what the language does. */
const RESERVED_NAMES = [...OWN_MODULE_NAMES, 'global']
const NAME = /^[a-z][a-z0-9_]*$/

const ACCEPTS: Readonly<Record<HostType, (value: HostValue) => boolean>> = {
  any: () => true,
  bool: (value) => typeof value === 'boolean',
  int: isInt,
  float: (value) => value instanceof HostFloat,
  number: (value) => isInt(value) || value instanceof HostFloat,
  char: (value) => value instanceof HostChar,
  string: (value) => typeof value === 'string',
  text: (value) => typeof value === 'string' || value instanceof HostChar,
  blob: (value) => value instanceof Uint8Array,
  array: (value) => Array.isArray(value),
  map: (value) => value instanceof Map,
}

export class HostServices {
  /** What sandboxes are told. */
  readonly manifest: string
  readonly logger: Logger
  readonly #functions: readonly ServiceFunction[]

  /** @throws TypeError for names no script could use */
  constructor(services: readonly HostService[], logger: Logger) {
    checkNames(services)
    this.logger = logger
    this.#functions = services.flatMap((service) =>
      service.functions.map((each) => ({
        service,
        name: each.name,
        parameters: each.parameters,
        sharesBudget: each.sharesBudget === true,
        answersSecret: each.answersSecret === true,
      })),
    )
    const manifest: ServiceManifest = {
      services: services.map(({ name, functions }) => ({
        name,
        functions: functions.map((each) => ({
          name: each.name,
          parameters: each.parameters,
          // Left out where they are not set: JSON writes no `undefined`.
          sharesBudget: each.sharesBudget,
          isInternal: each.isInternal,
          answersSecret: each.answersSecret,
        })),
      })),
    }
    this.manifest = JSON.stringify(manifest)
  }

  /** @throws ProtocolError */
  function(index: number): ServiceFunction {
    const found = this.#functions[index]
    if (found === undefined) throw new ProtocolError('a call of no function there is')
    return found
  }
}

/** @throws ProtocolError when they are not what the function takes */
export function argumentsOf(called: ServiceFunction, bytes: Uint8Array): readonly HostValue[] {
  const args = valueIn(bytes)
  const { parameters } = called
  const fits =
    Array.isArray(args) &&
    args.length === parameters.length &&
    parameters.every((type, index) => ACCEPTS[type](args[index] ?? null))
  if (!fits) throw new ProtocolError(`${called.name} called with other arguments than it takes`)
  return args
}

function valueIn(bytes: Uint8Array): HostValue {
  try {
    return hostValueOf(bytes)
  } catch (error) {
    if (error instanceof ValueBytesError) throw new ProtocolError(error.message)
    throw error
  }
}

function isInt(value: HostValue): boolean {
  return typeof value === 'number' || typeof value === 'bigint'
}

/** The language has the last word: a sandbox that could not make a module of it would not start. */
function checkNames(services: readonly HostService[]): void {
  const taken = new Set<string>(RESERVED_NAMES)
  for (const { name, functions } of services) {
    if (!NAME.test(name) || taken.has(name)) {
      throw new TypeError(`No host service can be called ${JSON.stringify(name)}`)
    }
    taken.add(name)
    const signatures = new Set<string>()
    for (const each of functions) {
      const signature = `${each.name}(${each.parameters.join(', ')})`
      if (!NAME.test(each.name) || signatures.has(signature)) {
        throw new TypeError(`The host service ${name} cannot have the function ${signature}`)
      }
      signatures.add(signature)
    }
    const declared = functions.map((each) => [each.name, []] as const)
    new Host({ modules: { [name]: { functions: Object.fromEntries(declared) } } })
  }
}
