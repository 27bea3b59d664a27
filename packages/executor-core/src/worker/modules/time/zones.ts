/**
 * Time zones of the IANA's database, and what a clock on the wall means in one.
 *
 * A clock that is set forward has no time between, and one that is set back has an hour twice. Here
 * the first moves on by what the clock was set forward, and of the second the earlier is meant: what
 * calendars do, and what RFC 5545 and Temporal say.
 * Offsets are luxon's; what it makes of the two cases depends on the day it is asked.
 *
 * @module
 */
import type { CallContext } from '@picloud/rhai'
import type { IANAZone } from 'luxon'
import { library } from '../../library.ts'
import { quoted } from '../../quoted.ts'
import { refusal } from '../../refusal.ts'

export const luxon = library<typeof import('luxon')>('luxon')

const MINUTE_MS = 60_000
const DAY_MS = 86_400_000
/** Asking the system for an offset, or for the rules of a zone. */
const OPERATIONS_PER_ZONE = 1000
/** The rules of so many zones are kept; there are about six hundred. */
const ZONES_MAX = 64
const NAME = /^[A-Za-z][A-Za-z0-9_+/-]{0,63}$/
const SHOWN_MAX = 80

export interface Zone {
  /** As the script wrote it. */
  readonly name: string
  /** As the system calls it, perhaps by an older name. */
  readonly systemName: string
  /** Minutes that clocks there are ahead of UTC. */
  offsetAt(ms: number): number
}

export const UTC: Zone = { name: 'UTC', systemName: 'utc', offsetAt: () => 0 }

const zones = new Map<string, IANAZone>()

/** @throws RhaiError `PIC_TIME_ZONE` */
export function zoneOf(context: CallContext, name: string): Zone {
  if (name === 'UTC') return UTC
  context.charge(OPERATIONS_PER_ZONE)
  const zone = zones.get(name) ?? newZone(context, name)
  return { name, systemName: zone.name, offsetAt: (ms) => zone.offset(ms) }
}

/** What clocks show, in milliseconds as if they stood in UTC. */
export function wallTimeOf(zone: Zone, ms: number): number {
  return ms + zone.offsetAt(ms) * MINUTE_MS
}

/** When clocks show that. */
export function instantOf(zone: Zone, wallMs: number): number {
  const before = wallMs - zone.offsetAt(wallMs - DAY_MS) * MINUTE_MS
  if (wallTimeOf(zone, before) === wallMs) return before
  const after = wallMs - zone.offsetAt(wallMs + DAY_MS) * MINUTE_MS
  return wallTimeOf(zone, after) === wallMs ? after : before
}

function newZone(context: CallContext, name: string): IANAZone {
  const { IANAZone: Zones, Settings } = luxon()
  const canonical = NAME.test(name) ? canonicalName(name) : undefined
  if (canonical === undefined) {
    const shown = JSON.stringify(quoted(context, name, SHOWN_MAX))
    throw refusal('PIC_TIME_ZONE', `There is no time zone ${shown}`)
  }
  if (zones.size >= ZONES_MAX) {
    zones.clear()
    Settings.resetCaches()
  }
  const zone = Zones.create(canonical)
  zones.set(canonical, zone)
  return zone
}

/** Names are the same in upper and lower case: kept under one, they stay few. */
function canonicalName(name: string): string | undefined {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone
  } catch {
    return undefined // Only a RangeError for the name is possible.
  }
}
