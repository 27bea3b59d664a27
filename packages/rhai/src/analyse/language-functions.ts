/**
 * Functions that are part of the language rather than of the library: the emitter writes them out.
 *
 * @module
 */

/** By name, how many arguments each takes. */
export const LANGUAGE_FUNCTIONS: ReadonlyMap<
  string,
  { readonly min: number; readonly max: number }
> = new Map([
  ['Fn', { min: 1, max: 1 }],
  ['call', { min: 1, max: Number.POSITIVE_INFINITY }],
  ['curry', { min: 2, max: Number.POSITIVE_INFINITY }],
  ['eval', { min: 1, max: 1 }],
  ['exit', { min: 0, max: 1 }],
  ['get_fn_metadata_list', { min: 0, max: 2 }],
  ['is_def_fn', { min: 2, max: 3 }],
  ['is_def_var', { min: 1, max: 1 }],
  ['is_shared', { min: 1, max: 1 }],
  ['type_of', { min: 1, max: 1 }],
])
