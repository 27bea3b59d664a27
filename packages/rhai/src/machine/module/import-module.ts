/**
 * `import`: finds a module, evaluates it if this run has not done so yet, and makes it visible.
 *
 * What goes wrong inside a module is `ErrorInModule` at the path of the import. Limits are not
 * wrapped: a script that could catch them could go on without them.
 *
 * @module
 */

import { RhaiError } from '../../rhai-error.ts'
import type { Value } from '../../runtime/value.ts'
import { type Answer, Pending } from '../call/pending.ts'
import { chargeCompilation } from '../compilation-charge.ts'
import {
  asEvaluation,
  ExitSignal,
  evaluationError,
  inModule,
  leavingModule,
  located,
  type PackedPosition,
  stackOverflow,
  systemError,
  tooManyModules,
} from '../error/failure.ts'
import { expectString } from '../expect-string.ts'
import type { RunState } from '../run-state.ts'
import type { ModuleResolver, ResolvedModule } from './module-resolver.ts'
import { ScriptModule } from './script-module.ts'

/** Making functions of compiled code again. */
const CODE_UNITS_PER_OPERATION = 8

/** Comes before the path is evaluated. @throws RhaiError `ErrorTooManyModules` */
export function checkImports(run: RunState, at: PackedPosition): void {
  const { modulesMax } = run.limits
  if (modulesMax > 0 && run.modules.count >= modulesMax) throw tooManyModules(modulesMax, at)
}

/**
 * `import path as name`, seen by `module` from here on. `pathAt` is what the type error of the path
 * points at, `startAt` what all others do.
 */
export function importModule(
  run: RunState,
  module: ScriptModule,
  depth: number,
  path: Value,
  pathAt: PackedPosition,
  startAt: PackedPosition,
  name?: string,
): void {
  const text = expectString(path, pathAt)
  const imported = module.imported(text) ?? load(run, module, depth + 1, text, startAt)
  noteImport(run, module, text, imported, name)
}

/** The same in an asynchronous frame: the module may wait for the host as it is evaluated. */
export function importModuleLater(
  run: RunState,
  module: ScriptModule,
  depth: number,
  path: Value,
  pathAt: PackedPosition,
  startAt: PackedPosition,
  name?: string,
): Answer {
  const text = expectString(path, pathAt)
  const imported = async (): Promise<undefined> => {
    const found = module.imported(text) ?? (await loadLater(run, module, depth + 1, text, startAt))
    noteImport(run, module, text, found, name)
  }
  return new Pending(imported())
}

function noteImport(
  run: RunState,
  module: ScriptModule,
  path: string,
  imported: ScriptModule,
  name: string | undefined,
): void {
  module.noteImported(path, imported)
  run.modules.count += 1
  if (name !== undefined) module.imports = { name, module: imported, next: module.imports }
}

function load(
  run: RunState,
  importer: ScriptModule,
  depth: number,
  path: string,
  at: PackedPosition,
): ScriptModule {
  const found = find(run, importer, depth, path, at)
  if (found instanceof ScriptModule) return found
  const { id, module, source } = found
  try {
    return run.modules.load(id, module, () => evaluate(run, module, source, depth))
  } catch (error) {
    throw leavingModule(error, path, at)
  }
}

async function loadLater(
  run: RunState,
  importer: ScriptModule,
  depth: number,
  path: string,
  at: PackedPosition,
): Promise<ScriptModule> {
  const found = find(run, importer, depth, path, at)
  if (found instanceof ScriptModule) return found
  const { id, module, source } = found
  try {
    return await run.modules.loadLater(id, module, () => evaluateLater(run, module, source, depth))
  } catch (error) {
    throw leavingModule(error, path, at)
  }
}

/** A module that this run has to evaluate. */
interface NewModule extends ResolvedModule {
  readonly module: ScriptModule
}

function find(
  run: RunState,
  importer: ScriptModule,
  depth: number,
  path: string,
  at: PackedPosition,
): ScriptModule | NewModule {
  const { modules } = run
  run.at = at
  const resolved = resolve(modules.resolver, importer, path, at)
  const { id, source } = resolved
  const existing = modules.find(id)
  if (existing !== undefined) return existing
  const circle = modules.loadingSince(id)
  if (circle.length > 0) throw inModule(circularImport(circle, path), path, at)
  if (depth > run.depthMax) throw stackOverflow(at)
  const module = new ScriptModule({ host: importer.host, id, source: path, outer: importer })
  module.begin(run.variablesMax)
  return { id, source, module }
}

function resolve(
  resolver: ModuleResolver,
  importer: ScriptModule,
  path: string,
  at: PackedPosition,
): ResolvedModule {
  let resolved: ResolvedModule | undefined
  try {
    resolved = resolver.resolve(path, importer.id)
  } catch (error) {
    if (error instanceof RhaiError) throw inModule(asEvaluation(error), path, at)
    throw located(systemError(`the module ${path} could not be found`, error), at)
  }
  if (resolved !== undefined) return resolved
  throw evaluationError('ErrorModuleNotFound', `Module not found: ${path}`, at)
}

/** `exit` ends the module it is called in, like `return`. */
function evaluate(
  run: RunState,
  module: ScriptModule,
  source: ResolvedModule['source'],
  depth: number,
): void {
  chargeSource(run, source)
  try {
    run.compileModule(module, source)(depth, undefined, module.scope)
  } catch (error) {
    if (!(error instanceof ExitSignal)) throw error
  }
  module.finish()
}

async function evaluateLater(
  run: RunState,
  module: ScriptModule,
  source: ResolvedModule['source'],
  depth: number,
): Promise<void> {
  chargeSource(run, source)
  try {
    await run.compileModuleLater(module, source)(depth, undefined, module.scope)
  } catch (error) {
    if (!(error instanceof ExitSignal)) throw error
  }
  module.finish()
}

function chargeSource(run: RunState, source: ResolvedModule['source']): void {
  if (typeof source === 'string') chargeCompilation(run, source)
  else run.charge(Math.ceil(source.code.length / CODE_UNITS_PER_OPERATION))
}

function circularImport(circle: readonly ScriptModule[], path: string): RhaiError {
  const text = `Circular import: ${[...circle.map((each) => each.source), path].join(' -> ')}`
  return new RhaiError({
    phase: 'eval',
    kind: 'ErrorRuntime',
    text: `Runtime error: ${text}`,
    thrown: text,
  })
}
