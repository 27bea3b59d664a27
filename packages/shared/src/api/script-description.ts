/**
 * What one version of a script defines and uses, told without running it.
 *
 * Made when the version is saved and kept with it: versions never change, so this never does.
 *
 * @module
 */
import { z } from 'zod'

/** Counts from 1. */
const lineSchema = z.int()

const callSchema = z
  .object({
    name: z.string(),
    /** The numbers of arguments it is called with, ascending. */
    argument_counts: z.array(z.int()),
  })
  .meta({ id: 'ScriptCall' })

export const scriptDescriptionSchema = z
  .object({
    /** The `//!` comments at its head. */
    documentation: z.string(),
    functions: z.array(
      z.object({
        name: z.string(),
        params: z.array(z.string()),
        /** Of `fn type.name()`: the type of `this`. */
        this_type: z.string().nullable(),
        is_private: z.boolean(),
        documentation: z.string(),
        line: lineSchema,
      }),
    ),
    constants: z.array(
      z.object({
        name: z.string(),
        is_exported: z.boolean(),
        /** As `type_of` says it; null for a value that is computed. */
        type: z.string().nullable(),
        /** An INT or FLOAT that JSON cannot hold exactly is its digits as text. */
        value: z.unknown(),
        line: lineSchema,
      }),
    ),
    /** Path null: computed when the script runs. */
    imports: z.array(
      z.object({ path: z.string().nullable(), alias: z.string().nullable(), line: lineSchema }),
    ),
    exports: z.array(z.object({ name: z.string(), variable: z.string(), line: lineSchema })),
    /** What PiCloud offers that is used, by module: `log`, `http` and so on. */
    host_modules: z.array(
      z.object({
        path: z.string(),
        functions: z.array(callSchema),
        variables: z.array(z.string()),
      }),
    ),
    /** Functions called by name that neither the script nor the language has. */
    host_functions: z.array(callSchema),
    library_functions: z.array(callSchema),
    uses_eval: z.boolean(),
    /** Whether imports and host modules are all that a run can use: not so with `eval`. */
    is_complete: z.boolean(),
  })
  .meta({ id: 'ScriptDescription' })
export type ScriptDescription = z.infer<typeof scriptDescriptionSchema>
