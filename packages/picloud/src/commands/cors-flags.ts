/**
 * The flags of `picloud apps set` that say which pages of other origins may read an app's answers.
 *
 * The setting is replaced whole, so what the flags do not say is the default again; they need
 * `--cors-origins`, which says that it is meant.
 *
 * @module
 */
import { type CorsSettings, writtenCorsSchema } from '@picloud/shared'
import { type Command, Option } from 'commander'
import { UsageError } from '../errors.ts'

const OFF = 'off'

export interface CorsFlags {
  readonly corsOrigins?: string
  readonly corsMethods?: string
  readonly corsHeaders?: string
  readonly corsExposeHeaders?: string
  readonly corsCredentials?: 'on' | 'off'
  readonly corsMaxAge?: string
}

/** Each with the member of the setting that it gives. */
const FLAGS = [
  ['--cors-methods', 'methods'],
  ['--cors-headers', 'headers'],
  ['--cors-expose-headers', 'expose_headers'],
  ['--cors-credentials', 'credentials'],
  ['--cors-max-age', 'max_age_seconds'],
] as const

export function addCorsFlags(command: Command): void {
  command
    .option(
      '--cors-origins <list>',
      `origins whose pages may read answers, separated by commas; *: all; ${OFF}: none`,
    )
    .option('--cors-methods <list>', 'methods they may send (default: all)')
    .option('--cors-headers <list>', 'request headers they may set (default: any)')
    .option('--cors-expose-headers <list>', 'headers of answers they may read (default: the usual)')
    .addOption(
      new Option('--cors-credentials <state>', 'on: requests may carry cookies').choices([
        'on',
        OFF,
      ]),
    )
    .option('--cors-max-age <seconds>', 'how long a browser need not ask again (default: 600)')
}

/** Undefined where no flag is given; null turns the setting off. */
export function corsOf(flags: CorsFlags): CorsSettings | null | undefined {
  const { corsOrigins, corsMethods, corsHeaders, corsExposeHeaders, corsCredentials } = flags
  const members = {
    methods: listOf(corsMethods),
    headers: listOf(corsHeaders),
    expose_headers: listOf(corsExposeHeaders),
    credentials: corsCredentials === undefined ? undefined : corsCredentials === 'on',
    max_age_seconds: flags.corsMaxAge === undefined ? undefined : Number(flags.corsMaxAge),
  }
  const given = FLAGS.filter(([, member]) => members[member] !== undefined)
  if (corsOrigins === undefined || corsOrigins === OFF) {
    const [first] = given
    if (first !== undefined) throw new UsageError(`${first[0]} needs --cors-origins <list>.`)
    return corsOrigins === undefined ? undefined : null
  }
  const parsed = writtenCorsSchema.safeParse({ origins: listOf(corsOrigins), ...members })
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  const [member] = issue?.path ?? []
  const flag = FLAGS.find(([, name]) => name === member)?.[0] ?? '--cors-origins'
  throw new UsageError(`${flag}: ${issue?.message ?? 'is wrong'}`)
}

export function corsRows(cors: CorsSettings | null): readonly (readonly [string, string])[] {
  if (cors === null) return [['cors-origins', OFF]]
  return [
    ['cors-origins', cors.origins.join(',')],
    ['cors-methods', cors.methods.join(',')],
    ['cors-headers', cors.headers.join(',')],
    ['cors-expose-headers', cors.expose_headers.join(',')],
    ['cors-credentials', cors.credentials ? 'on' : OFF],
    ['cors-max-age', String(cors.max_age_seconds)],
  ]
}

function listOf(text: string | undefined): string[] | undefined {
  return text
    ?.split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '')
}
