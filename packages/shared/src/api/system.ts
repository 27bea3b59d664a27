/**
 * Shapes of the endpoints about PiCloud itself: health, version, and what runs where.
 *
 * @module
 */
import { z } from 'zod'
import { NODE_ROLES, PROCESS_ROLES } from '../machine.ts'
import { timeSchema } from './primitives.ts'

export const versionSchema = z
  .object({
    product: z.string(),
    api: z.string(),
    schema: z.int(),
  })
  .meta({ id: 'Version' })
export type Version = z.infer<typeof versionSchema>

export const healthSchema = z.object({ status: z.literal('ok') }).meta({ id: 'Health' })
export type Health = z.infer<typeof healthSchema>

export const DATABASE_KINDS = ['embedded', 'external'] as const
export type DatabaseKind = (typeof DATABASE_KINDS)[number]

const nodeSchema = z
  .object({
    name: z.string().meta({ description: 'Host name of its machine.' }),
    role: z.enum(NODE_ROLES),
    pid: z.int().meta({ description: 'Its process there.' }),
    since: timeSchema.meta({ description: 'Since when it is connected to the database.' }),
    address: z.string().nullable().meta({
      description: 'From where it is connected; null: by a socket of the same machine.',
    }),
  })
  .meta({ id: 'Node' })
export type Node = z.infer<typeof nodeSchema>

const processesOfRoleSchema = z
  .object({
    role: z.enum(PROCESS_ROLES),
    count: z.int(),
    memory_bytes: z.int().nullable().meta({
      description: 'What they share is divided among those that share it; null: not readable.',
    }),
  })
  .meta({ id: 'ProcessesOfRole' })

export const systemSchema = versionSchema
  .extend({
    started_at: timeSchema.meta({ description: 'When the program that answers started.' }),
    database: z.object({
      kind: z.enum(DATABASE_KINDS),
      version: z.string().meta({ description: 'Of the PostgreSQL server.' }),
      size_bytes: z.int(),
      connections: z.int().meta({ description: 'To this database, by whomever.' }),
      connections_max: z.int().meta({ description: 'That the server takes in all.' }),
    }),
    nodes: z.array(nodeSchema).meta({
      description: 'Programs connected to the database, this one among them.',
    }),
    idle: z
      .object({
        since: timeSchema,
        until: timeSchema,
        queries: z.int().meta({ description: 'That the program sent to the database.' }),
        cpu_seconds: z.number().nullable().meta({
          description: 'Of all processes of the program; null: the system does not say.',
        }),
        cpu_percent: z.number().nullable().meta({ description: 'The same, of one core.' }),
        memory_bytes: z.int().nullable().meta({ description: 'Of all its processes, now.' }),
      })
      .meta({
        description:
          'What the program that answers took in about the last hour, with its sandboxes and its ' +
          'embedded database. Nothing is measured while it is idle: the interval begins when it ' +
          'last had something to do an hour ago or earlier, or when it started.',
      }),
    processes: z.array(processesOfRoleSchema).nullable().meta({
      description: 'Of the program that answers, now; null: the system does not say.',
    }),
  })
  .meta({ id: 'System' })
export type System = z.infer<typeof systemSchema>
