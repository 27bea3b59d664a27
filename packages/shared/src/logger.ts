/**
 * The logger every part is handed. Programs create one (pino); nobody else does.
 *
 * @module
 */

type Log = (fields: object, message: string) => void

export interface Logger {
  readonly debug: Log
  readonly info: Log
  readonly warn: Log
  readonly error: Log
}

const ignore: Log = () => {}

/** For callers that do not care, such as most tests. */
export const SILENT_LOGGER: Logger = { debug: ignore, info: ignore, warn: ignore, error: ignore }
