/**
 * Shape of the live check of a claimed domain: where its name leads, and with which certificate.
 *
 * @module
 */
import { z } from 'zod'
import { idSchema, timeSchema } from './primitives.ts'

/**
 * `ok`: all addresses are this server's. `elsewhere`: some are not. `missing`: there are none.
 * `unknown`: nobody could tell. `local`: the name needs no DNS.
 */
export const DOMAIN_STATES = ['ok', 'elsewhere', 'missing', 'unknown', 'local'] as const
export type DomainState = (typeof DOMAIN_STATES)[number]

export const DNS_RECORD_TYPES = ['A', 'AAAA', 'CNAME'] as const

const dnsRecordSchema = z
  .object({ type: z.enum(DNS_RECORD_TYPES), name: z.string(), value: z.string() })
  .meta({ id: 'DnsRecord' })
export type DnsRecord = z.infer<typeof dnsRecordSchema>

const neededRecordSchema = z
  .object({
    type: z.enum(DNS_RECORD_TYPES),
    name: z.string(),
    value: z.string().nullable().meta({ description: 'Null: not known here.' }),
    line: z.string().nullable().meta({ description: 'As a line of a zone file.' }),
  })
  .meta({ id: 'NeededDnsRecord' })
export type NeededDnsRecord = z.infer<typeof neededRecordSchema>

/** Where the expected addresses come from: PICLOUD_PUBLIC_ADDRESSES, or the machine itself. */
export const EXPECTED_FROM = ['setting', 'interfaces', 'unknown'] as const

/** Why there is no certificate to show. */
export const NO_CERTIFICATE_REASONS = [
  'local',
  'no_address',
  'not_public',
  'refused',
  'timeout',
  'unreachable',
  'no_tls',
] as const
export type NoCertificateReason = (typeof NO_CERTIFICATE_REASONS)[number]

const certificateSchema = z
  .object({
    address: z.string().meta({ description: 'The server at port 443 that showed it.' }),
    subject: z.string(),
    issuer: z.string(),
    names: z.array(z.string()),
    valid_from: timeSchema,
    valid_to: timeSchema,
    days_left: z.int().meta({ description: 'Below 0 when it has expired.' }),
    trusted: z.boolean(),
    trust_problem: z.string().nullable().meta({ description: 'Why it is not trusted.' }),
    matches: z.boolean().meta({ description: 'Whether it is for the name that was asked for.' }),
  })
  .meta({ id: 'Certificate' })
export type Certificate = z.infer<typeof certificateSchema>

export const domainCheckSchema = z
  .object({
    domain_id: idSchema,
    pattern: z.string(),
    host: z
      .string()
      .meta({ description: 'The name that was looked up: one that the claim covers.' }),
    checked_at: timeSchema,
    dns: z.object({
      state: z.enum(DOMAIN_STATES),
      message: z.string(),
      found: z.array(dnsRecordSchema),
      expected: z.object({ from: z.enum(EXPECTED_FROM), addresses: z.array(z.string()) }),
      needed: z.array(neededRecordSchema),
    }),
    tls: z.object({
      message: z.string(),
      certificate: certificateSchema.nullable(),
      reason: z.enum(NO_CERTIFICATE_REASONS).nullable().meta({
        description: 'Why there is no certificate; null where there is one.',
      }),
    }),
  })
  .meta({ id: 'DomainCheck' })
export type DomainCheck = z.infer<typeof domainCheckSchema>
