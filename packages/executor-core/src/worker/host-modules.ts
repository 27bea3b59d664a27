/**
 * The modules scripts see: what the sandbox offers itself, and one for each host service that their
 * app is granted. What it is not granted is not there, as if it had never been made.
 *
 * @module
 */
import {
  ANY,
  ARRAY,
  asyncHostFunction,
  BLOB,
  BOOL,
  type CallContext,
  CHAR,
  FLOAT,
  Host,
  type HostFunction,
  type HostModule,
  INT,
  MAP,
  NUMBER,
  STRING,
  TEXT,
  type Value,
} from '@picloud/rhai'
import type { HostType } from '@picloud/shared'
import type { ServiceManifest } from '../protocol/call-message.ts'
import type { CalledFunction } from './host-calls.ts'

type Parameter = HostFunction['parameters'][number]

const PARAMETERS: Readonly<Record<HostType, Parameter>> = {
  any: ANY,
  bool: BOOL,
  int: INT,
  float: FLOAT,
  number: NUMBER,
  char: CHAR,
  string: STRING,
  text: TEXT,
  blob: BLOB,
  array: ARRAY,
  map: MAP,
}

/** Calls a function of a service for the run whose context is given. */
export type CallService = (
  called: CalledFunction,
  context: CallContext,
  args: readonly Value[],
) => Promise<Value>

/** Calls an internal function of a service by its name. */
export type CallInternal = (
  name: string,
  context: CallContext,
  args: readonly Value[],
) => Promise<Value>

/** What a service gives to the part of it that the sandbox has itself. */
export interface ServiceFunctions {
  /** What scripts would find if there were no part. */
  readonly functions: Readonly<Record<string, readonly HostFunction[]>>
  readonly call: CallInternal
}

/** Makes the module of a service of its functions: for what takes more than data, like closures. */
export type ServicePart = (service: ServiceFunctions) => HostModule

/** What the sandbox itself has: whole modules, and parts of services that may be there or not. */
export interface OwnParts {
  readonly modules: Readonly<Record<string, HostModule>>
  readonly services: Readonly<Record<string, ServicePart>>
}

/** @param isGranted whether a service is there; functions keep their number either way */
export function hostOf(
  own: OwnParts,
  manifest: ServiceManifest,
  call: CallService,
  isGranted: (service: string) => boolean = () => true,
): Host {
  const modules: Record<string, HostModule> = { ...own.modules }
  let index = 0
  for (const { name, functions } of manifest.services) {
    const service = serviceFunctions(name, functions, { firstIndex: index, call })
    index += functions.length
    if (!isGranted(name)) continue
    modules[name] = own.services[name]?.(service) ?? { functions: service.functions }
  }
  return new Host({ modules })
}

type Declared = ServiceManifest['services'][number]['functions']

function serviceFunctions(
  service: string,
  declared: Declared,
  { firstIndex, call }: { readonly firstIndex: number; readonly call: CallService },
): ServiceFunctions {
  const functions: Record<string, HostFunction[]> = {}
  const internal = new Map<string, CalledFunction>()
  for (const [offset, each] of declared.entries()) {
    const called = {
      index: firstIndex + offset,
      path: `${service}::${each.name}`,
      sharesBudget: each.sharesBudget === true,
      answersSecret: each.answersSecret === true,
    }
    if (each.isInternal === true) {
      internal.set(each.name, called)
      continue
    }
    const parameters = each.parameters.map((type) => PARAMETERS[type])
    functions[each.name] ??= []
    functions[each.name]?.push(
      asyncHostFunction(parameters, async (context, ...args) =>
        call(called, context, args as Value[]),
      ),
    )
  }
  return {
    functions,
    call: async (name, context, args) => {
      const called = internal.get(name)
      if (called === undefined) throw new TypeError(`${service} has no internal ${name}`)
      return call(called, context, args)
    },
  }
}
