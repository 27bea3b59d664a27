/**
 * What the list of executions is narrowed to: it stands in the address of the page, so that a link
 * shows the same.
 *
 * @module
 */
import type { Item } from '@picloud/api-client'

export type Execution = Item<'listExecutions'>

export const STATUS_CHOICES = ['2xx', '3xx', '4xx', '5xx'] as const
export const TRIGGERS = ['http', 'execute', 'test', 'call', 'schedule', 'queue'] as const

/** All as text, as in a query; what is not narrowed is left out. */
export interface ExecutionFilter {
  readonly status?: string
  readonly outcome?: 'ok' | 'error'
  readonly script?: string
  readonly trigger?: (typeof TRIGGERS)[number]
  readonly q?: string
  readonly since?: string
  readonly until?: string
}

const STATUS = /^[1-5](?:\d\d|xx)$/
const MOMENT = /^\d{4}-\d\d-\d\dT[\d:.]+Z$/

/** What is malformed is left out: an address that was mistyped shows more, not an error. */
export function filterOf(query: URLSearchParams): ExecutionFilter {
  const text = (name: string, form?: RegExp) => {
    const value = query.get(name)
    return value === null || value === '' || form?.test(value) === false ? undefined : value
  }
  const [status, script, q] = [text('status', STATUS), text('script'), text('q')]
  const [since, until] = [text('since', MOMENT), text('until', MOMENT)]
  const trigger = TRIGGERS.find((each) => each === query.get('trigger'))
  const outcome = (['ok', 'error'] as const).find((each) => each === query.get('outcome'))
  return {
    ...(status !== undefined && { status }),
    ...(outcome !== undefined && { outcome }),
    ...(script !== undefined && { script }),
    ...(trigger !== undefined && { trigger }),
    ...(q !== undefined && { q }),
    ...(since !== undefined && { since }),
    ...(until !== undefined && { until }),
  }
}

/** With its `?`; empty where nothing is narrowed. */
export function filterQuery(filter: Readonly<Record<string, string | undefined>>): string {
  const given = Object.entries(filter).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && entry[1] !== '',
  )
  return given.length === 0 ? '' : `?${new URLSearchParams(given)}`
}

/** Newest first; each once. */
export function merged(
  known: readonly Execution[],
  more: readonly Execution[],
): readonly Execution[] {
  const byId = new Map([...known, ...more].map((execution) => [execution.id, execution]))
  return [...byId.values()].sort((a, b) => compareNewest(a, b))
}

function compareNewest(a: Execution, b: Execution): number {
  if (a.started_at !== b.started_at) return a.started_at < b.started_at ? 1 : -1
  return a.id < b.id ? 1 : -1
}
