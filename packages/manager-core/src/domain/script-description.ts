/**
 * What a source defines and uses, in the form the API shows and the database keeps.
 *
 * Asks the compiler's own description; nothing of the script is evaluated. Knows nothing of HTTP.
 *
 * @module
 */
import { type ScriptDescription as Described, describe, RhaiError } from '@picloud/rhai'
import { isStorableText, type ScriptDescription, scriptNameSchema } from '@picloud/shared'

/** The description of a source that compiles; null for one nested too deep to be walked. */
export function describeSource(source: string): ScriptDescription | null {
  try {
    return shownDescription(describe(source))
  } catch (error) {
    // A source that was stored under other limits, or by another version, need not compile today.
    if (error instanceof RhaiError) return null
    throw error
  }
}

/** Names of the scripts of its app that a source imports; a computed path names none. */
export function importedScripts(description: ScriptDescription): readonly string[] {
  const paths = description.imports.map(({ path }) => path)
  return [...new Set(paths.filter((path) => scriptNameSchema.safeParse(path).success))].filter(
    (path) => path !== null,
  )
}

/** Names of the modules of the host that a source uses. */
export function usedHostModules(description: ScriptDescription): readonly string[] {
  return description.host_modules.map(({ path }) => path).filter(isStorableText)
}

function shownDescription(described: Described): ScriptDescription {
  return {
    documentation: described.documentation,
    functions: described.functions.map((each) => ({
      name: each.name,
      params: [...each.params],
      this_type: each.thisType,
      is_private: each.isPrivate,
      documentation: each.documentation,
      line: each.range.start.line,
    })),
    constants: described.constants.map(({ name, isExported, literal, range }) => ({
      name,
      is_exported: isExported,
      type: literal?.type ?? null,
      value: literal?.value ?? null,
      line: range.start.line,
    })),
    imports: described.imports.map(({ path, alias, range }) => ({
      path,
      alias,
      line: range.start.line,
    })),
    exports: described.exports.map(({ name, variable, range }) => ({
      name,
      variable,
      line: range.start.line,
    })),
    host_modules: described.modules
      .filter((module) => !module.isImported)
      .map(({ path, functions, variables }) => ({
        path,
        functions: functions.map(shownCall),
        variables: [...variables],
      })),
    host_functions: described.unknownCalls.map(shownCall),
    library_functions: described.libraryCalls.map(shownCall),
    uses_eval: described.usesEval,
    is_complete: described.isComplete,
  }
}

function shownCall(call: Described['unknownCalls'][number]) {
  return { name: call.name, argument_counts: [...call.argumentCounts] }
}
