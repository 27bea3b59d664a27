/**
 * Tries a text that is not saved as the script it may become.
 *
 * What could not be saved is refused as saving it would be; it imports what it would import if it
 * were activated now. Nothing is written but the record of the execution.
 *
 * Knows nothing of HTTP, nor of how scripts run.
 *
 * @module
 */
import {
  type Logger,
  parseHostPattern,
  type TestOutcome,
  type TestRunner,
  type TestScript,
} from '@picloud/shared'
import type { Database, ScriptRow } from '@picloud/storage'
import { describePrincipal } from '../auth/principal.ts'
import { TestRunNotReadyError, TestRunsElsewhereError } from '../errors/test-runs.ts'
import type { Author } from './author.ts'
import { checkSource, type SourceLimits } from './compile-check.ts'
import { resolveImports } from './script-imports.ts'
import { findScript } from './scripts.ts'

export interface TestRunsOptions {
  readonly database: Database
  readonly limits: SourceLimits
  /** Null: this program runs no scripts. */
  readonly runner: TestRunner | null
  readonly logger: Logger
}

export interface Tested {
  readonly script: ScriptRow
  readonly outcome: TestOutcome
  readonly request: TestScript['request']
}

/** Where a request says to have come to when its app claims no host that is written out. */
const NO_HOST = 'localhost'
const DOMAINS_LOOKED_AT = 200

export class TestRuns {
  readonly #options: TestRunsOptions

  constructor(options: TestRunsOptions) {
    this.#options = options
  }

  /**
   * @param signal aborted when nobody waits for it any more
   * @throws what saving the text would throw
   */
  async run(by: Author, id: string, test: TestScript, signal: AbortSignal): Promise<Tested> {
    const { database, limits, runner, logger } = this.#options
    if (runner === null) throw new TestRunsElsewhereError()
    const script = await findScript(database, id)
    const { source, request } = test
    checkSource(source, limits)
    const { appId, name } = script
    const pinned = await resolveImports(database, { appId, name, source }, limits)
    const imports = await database.scriptImports.withSources(pinned)
    logger.info(
      { script: script.id, app: appId, by: describePrincipal(by.principal), address: by.address },
      'A text that is not saved is run as a script.',
    )
    const outcome = await runner.test(
      {
        appId,
        scriptId: script.id,
        source,
        imports: imports.length === 0 ? undefined : imports,
        request: {
          method: request.method,
          host: await this.#hostOf(script),
          target: request.path,
          headers: joinedFields(request.headers),
          body: Buffer.from(request.body, 'utf8'),
          ip: by.address,
        },
      },
      signal,
    )
    if (outcome === null) throw new TestRunNotReadyError(script.name)
    return { script, outcome, request }
  }

  async #hostOf({ appId }: ScriptRow): Promise<string> {
    const { items } = await this.#options.database.domains.list({
      appId,
      limit: DOMAINS_LOOKED_AT,
    })
    return (
      items.find(({ pattern }) => parseHostPattern(pattern).kind === 'exact')?.pattern ?? NO_HOST
    )
  }
}

/** As a request's fields reach a script: RFC 9110 section 5.2, and RFC 6265 for cookies. */
function joinedFields(fields: TestScript['request']['headers']): Record<string, string> {
  const joined: Record<string, string> = Object.create(null)
  for (const [name, values] of Object.entries(fields)) {
    const key = name.toLowerCase()
    const known = joined[key] === undefined ? [] : [joined[key]]
    joined[key] = [...known, ...values].join(key === 'cookie' ? '; ' : ', ')
  }
  return joined
}
