/**
 * What apps did in the last day, for figures and small charts.
 *
 * @module
 */
import type { Answer } from '@picloud/api-client'
import { api } from '#lib/api.ts'

type Statistics = Answer<'executionStatistics'>

/** Hours are wide enough to be seen as bars. */
const STEP_SECONDS = 3_600

export interface AppActivity {
  readonly requests: readonly number[]
  readonly errors: readonly number[]
  readonly total: { readonly count: number; readonly errors: number }
}

/** By the ids of the apps. */
export async function activityOf(
  appIds: readonly string[],
): Promise<ReadonlyMap<string, AppActivity>> {
  const answers = await Promise.all(
    appIds.map((app) => api.call('executionStatistics', { query: { app, step: STEP_SECONDS } })),
  )
  return new Map(answers.map((answer, index) => [appIds[index] ?? '', activityIn(answer)]))
}

function activityIn({
  total,
  buckets,
}: {
  readonly total: Pick<Statistics['total'], 'count' | 'errors'>
  readonly buckets: readonly Pick<Statistics['buckets'][number], 'count' | 'errors'>[]
}): AppActivity {
  return {
    requests: buckets.map(({ count }) => count),
    errors: buckets.map(({ errors }) => errors),
    total,
  }
}
