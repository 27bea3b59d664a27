/**
 * The environment as programs hand it on: `process.env` is read in their entry files only.
 *
 * @module
 */

/** The environment variables a program was started with. */
export type Environment = Readonly<Record<string, string | undefined>>
