/**
 * Shows what a manifest changes: one line for each thing, and the lines of scripts where wanted.
 *
 * @module
 */
import type { ManifestChange } from '@picloud/shared'
import { printableLine } from '../terminal/printable.ts'
import type { Style } from '../terminal/terminal.ts'

const MARKS = { added: '+', removed: '-', changed: '~' } as const
const STYLES: Readonly<Record<keyof typeof MARKS, Style>> = {
  added: 'green',
  removed: 'red',
  changed: 'yellow',
}

/** Whether something would be lost that the manifest does not bring back. */
export function isRemoval({ after }: Pick<ManifestChange, 'after'>): boolean {
  return after === null
}

/** @param style colours a text for where the line will stand */
export function changeLine(
  change: ManifestChange,
  style: (style: Style, text: string) => string,
): string {
  const kind = kindOf(change)
  const what = `${change.target_type} ${change.name}${printableDetail(change)}`
  return style(STYLES[kind], printableLine(`${MARKS[kind]} ${what}`))
}

function kindOf({ before, after }: ManifestChange): keyof typeof MARKS {
  if (before === null) return 'added'
  return after === null ? 'removed' : 'changed'
}

function printableDetail(change: ManifestChange): string {
  const { before, after, diff, target_type: type } = change
  if (diff !== null) return ` (+${diff.lines_added} -${diff.lines_removed} lines)`
  if (type === 'script' && after === null) return ' (with its versions and records)'
  if (before === null || after === null) return ''
  const [old, now] = [membersOf(before), membersOf(after)]
  const changed = Object.keys(now).filter((key) => old[key] !== now[key])
  const shown = changed.map((key) => `${key}: ${old[key] ?? 'none'} -> ${now[key]}`)
  return shown.length === 0 ? '' : `: ${shown.join(', ')}`
}

/** As texts that can be compared; settings count as members. */
function membersOf(snapshot: Readonly<Record<string, unknown>>): Readonly<Record<string, string>> {
  const members = Object.entries(snapshot).flatMap(([key, value]) =>
    typeof value === 'object' && value !== null ? Object.entries(value) : [[key, value] as const],
  )
  return Object.fromEntries(members.map(([key, value]) => [key, JSON.stringify(value)]))
}
