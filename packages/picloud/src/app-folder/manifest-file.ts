/**
 * `picloud.toml`: what an app is besides its scripts, as people write it.
 *
 * Unknown keys are refused: one that is misspelt would otherwise be a thing the app does not have.
 * What is left out has its default, as in the API.
 *
 * @module
 */
import {
  egressChangeSchema,
  OWN_LIMIT_KEYS,
  type OwnLimitKey,
  ROUTE_METHODS,
  servicesSchema,
  type WrittenManifest,
  writtenCorsSchema,
  writtenRouteIdempotencySchema,
} from '@picloud/shared'
import { parse, stringify, TomlError } from 'smol-toml'
import { z } from 'zod'
import { UsageError } from '../errors.ts'
import { placeInFile } from './place-in-file.ts'

const routeSchema = z
  .strictObject({
    path: z.string(),
    script: z.string().optional(),
    hole: z.literal(true).optional(),
    method: z.enum(ROUTE_METHODS).optional(),
    host: z.string().optional(),
    enabled: z.boolean().optional(),
    idempotency: z.union([z.boolean(), writtenRouteIdempotencySchema]).optional(),
  })
  .refine(({ script, hole }) => (script === undefined) !== (hole === undefined), {
    message: 'A route has either a script or hole = true.',
  })

/** What they may be is the server's to say. */
const ownLimitsSchema = z.strictObject(
  Object.fromEntries(OWN_LIMIT_KEYS.map((key) => [key, z.int().optional()])) as Record<
    OwnLimitKey,
    z.ZodOptional<z.ZodInt>
  >,
)

const manifestFileSchema = z.strictObject({
  /** Slug or id. */
  app: z.string().optional(),
  name: z.string().optional(),
  domains: z.array(z.string()).default([]),
  settings: z
    .strictObject({
      show_error_detail: z.boolean().optional(),
      retention_days: z.int().optional(),
      retention_bytes: z.int().optional(),
      cors: writtenCorsSchema.optional(),
      record_sampling_percent: z.number().optional(),
      server_timing: z.boolean().optional(),
      services: servicesSchema.optional(),
      egress: egressChangeSchema.optional(),
      limits: ownLimitsSchema.optional(),
    })
    .optional(),
  routes: z.array(routeSchema).default([]),
})
export type ManifestFile = z.input<typeof manifestFileSchema>

export interface ReadManifestFile {
  readonly app: string | undefined
  readonly manifest: Omit<WrittenManifest, 'scripts'>
}

/**
 * @param path for messages
 * @throws UsageError naming the place
 */
export function parseManifestFile(path: string, text: string): ReadManifestFile {
  const parsed = manifestFileSchema.safeParse(parseToml(path, text), { reportInput: true })
  if (!parsed.success) {
    const lines = parsed.error.issues.flatMap((issue) =>
      issue.code === 'unrecognized_keys'
        ? issue.keys.map((key) => faultLine(path, [...issue.path, key], 'There is no such key.'))
        : [faultLine(path, issue.path, isMissing(issue) ? 'It is missing.' : issue.message)],
    )
    throw new UsageError(lines.join('\n'))
  }
  const { app, routes, ...rest } = parsed.data
  return {
    app,
    manifest: {
      ...rest,
      routes: routes.map(({ path: path_pattern, host, script, method, enabled, idempotency }) => ({
        method,
        host_pattern: host,
        path_pattern,
        script: script ?? null,
        enabled,
        idempotency: idempotencyOf(idempotency),
      })),
    },
  }
}

/** `true` is the switch with its defaults. */
function idempotencyOf(written: z.output<typeof routeSchema>['idempotency']) {
  if (typeof written !== 'boolean') return written
  return written ? writtenRouteIdempotencySchema.parse({}) : null
}

/** TOML has no null and no undefined: without a value there is no key. */
function isMissing(issue: z.core.$ZodIssue): boolean {
  return issue.code === 'invalid_type' && issue.input === undefined
}

export function manifestFileText(file: ManifestFile): string {
  return `${stringify(file).trimEnd()}\n`
}

function parseToml(path: string, text: string): unknown {
  try {
    return parse(text)
  } catch (error) {
    if (!(error instanceof TomlError)) throw error
    const [message = ''] = error.message.split('\n')
    const what = message.replace(/^Invalid TOML document: /, '')
    throw new UsageError(`${path}:${error.line}:${error.column}: ${what}`)
  }
}

function faultLine(path: string, keys: readonly PropertyKey[], message: string): string {
  const place = placeInFile(keys.map(String))
  return `${path}: ${place === '' ? '' : `${place}: `}${message}`
}
