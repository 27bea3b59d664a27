/**
 * The modules scripts see: what the sandbox offers itself, and one for each host service.
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

export function hostOf(
  own: Readonly<Record<string, HostModule>>,
  manifest: ServiceManifest,
  call: CallService,
): Host {
  const modules: Record<string, HostModule> = { ...own }
  let index = 0
  for (const { name, functions } of manifest.services) {
    const declared: Record<string, HostFunction[]> = {}
    for (const each of functions) {
      const called = {
        index,
        path: `${name}::${each.name}`,
        sharesBudget: each.sharesBudget === true,
      }
      index += 1
      const parameters = each.parameters.map((type) => PARAMETERS[type])
      declared[each.name] ??= []
      declared[each.name]?.push(
        asyncHostFunction(parameters, async (context, ...args) =>
          call(called, context, args as Value[]),
        ),
      )
    }
    modules[name] = { functions: declared }
  }
  return new Host({ modules })
}
