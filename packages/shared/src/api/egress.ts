/**
 * The shapes of an app's settings `services` and `egress`: what its scripts may ask of the host, and
 * where on the network that may lead.
 *
 * @module
 */
import { z } from 'zod'
import {
  EGRESS_ENTRIES_MAX,
  EGRESS_ENTRY_LENGTH_MAX,
  egressEntryText,
  readEgressEntry,
} from '../egress-rules.ts'
import { HOST_SERVICE_NAMES } from '../host-services.ts'

/** Sorted, each once: two that say the same are equal. */
export const servicesSchema = z
  .array(z.enum(HOST_SERVICE_NAMES))
  .max(HOST_SERVICE_NAMES.length)
  .overwrite((names) => HOST_SERVICE_NAMES.filter((name) => names.includes(name)))
  .meta({ id: 'GrantedServices' })

const entrySchema = z
  .string()
  .max(EGRESS_ENTRY_LENGTH_MAX)
  .superRefine((text, context) => {
    const entry = readEgressEntry(text)
    if (entry.kind !== 'fault') return
    context.addIssue({ code: 'custom', message: `${JSON.stringify(text)} ${entry.problem}.` })
  })

const entriesSchema = z
  .array(entrySchema)
  .max(EGRESS_ENTRIES_MAX)
  .overwrite((entries) => [...new Set(entries.map(normalEntry))].toSorted())

const allow = entriesSchema.meta({
  description: 'Hosts, *.suffixes, addresses and ranges to open that are private addresses.',
})
const deny = entriesSchema.meta({
  description: 'What is closed, public or not; wins over allow. *: all that allow does not list.',
})

export const egressSchema = z.object({ allow, deny }).meta({ id: 'EgressRules' })

/** The lists to change; the other stays. */
export const egressChangeSchema = z
  .strictObject({ allow: allow.optional(), deny: deny.optional() })
  .meta({ id: 'EgressRulesChange' })

/** What is no entry stays as it is: it was told of already. */
function normalEntry(text: string): string {
  const entry = readEgressEntry(text)
  return entry.kind === 'fault' ? text : egressEntryText(entry)
}
