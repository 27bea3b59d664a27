/**
 * The Rhai language, compiled to JavaScript.
 *
 * @module
 */

export { canonicalText, typeName } from './canonical-text.ts'
export {
  COMPILE_LIMITS,
  CompiledScript,
  type CompileLimits,
  type CompileOptions,
  check,
  compile,
} from './compile.ts'
export { describe } from './describe/describe.ts'
export type {
  CallDescription,
  ConstantDescription,
  ExportDescription,
  FunctionDescription,
  ImportDescription,
  JsonLiteral,
  LiteralDescription,
  ModuleCallDescription,
  ModuleDescription,
  ScriptDescription,
} from './describe/description.ts'
export { diagnose } from './diagnose/diagnose.ts'
export type { Diagnostic, Severity, WarningKind } from './diagnose/diagnostic.ts'
export type { Evaluate } from './evaluate.ts'
export { Host } from './host/host.ts'
export {
  asyncHostFunction,
  type HostDeclarations,
  type HostFunction,
  type HostFunctionNotes,
  type HostModule,
  type HostOverloads,
  hostFunction,
} from './host/host-function.ts'
export {
  arrayItems,
  isArray,
  isBlob,
  isFunction,
  isIterator,
  isMap,
  iteratorItems,
  makeArray,
  makeBlob,
  makeChar,
  makeIterator,
  makeMap,
  mapEntries,
  mapGet,
  mapMaker,
  mapSize,
} from './host-values.ts'
export { fromJson, toJsonText } from './json.ts'
export type { SourcePlace, SourceRange } from './lex/token-table.ts'
export { isCatchable } from './machine/error/failure.ts'
export type {
  CompiledModule,
  ModuleResolver,
  ResolvedModule,
} from './machine/module/module-resolver.ts'
export { OpenRun } from './open-run.ts'
export {
  type AsyncRunOptions,
  Program,
  RUN_LIMITS,
  type RunOptions,
  type RunResult,
} from './program.ts'
export { type RenderOptions, render } from './render/render.ts'
export {
  RhaiError,
  type RhaiErrorLimit,
  type RhaiErrorRoot,
  type RhaiPhase,
} from './rhai-error.ts'
export type { CallContext, RunLimits } from './runtime/call-context.ts'
export {
  ANY,
  ARRAY,
  BLOB,
  BOOL,
  CHAR,
  FLOAT,
  FN,
  INT,
  MAP,
  NUMBER,
  RANGE,
  STRING,
  TEXT,
  TIMESTAMP,
} from './runtime/native-function.ts'
export {
  checkArraySize,
  checkBlobSize,
  checkMapSize,
  checkStringSize,
} from './runtime/size-limits.ts'
export { TextSearch } from './runtime/text-search.ts'
export {
  type FunctionPointer,
  type PlainValue as Value,
  RhaiArray,
  RhaiBlob,
  RhaiChar,
  RhaiFloat,
  type RhaiIterator,
  RhaiMap,
} from './runtime/value.ts'
