/**
 * The change feed in a figure, the same in every program that has one.
 *
 * @module
 */
import { type Metric, only } from '@picloud/shared'

export function changeFeedMetric(connected: boolean): Metric {
  return {
    name: 'picloud_feed_connected',
    type: 'gauge',
    help: 'Whether changes are heard of as they are made, 1 or 0.',
    samples: only(Number(connected)),
  }
}
