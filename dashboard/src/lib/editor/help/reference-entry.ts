/**
 * One row of the reference: the calls, what they give (`''` when the text says it), and the text,
 * with code in back-ticks. A tuple, since there are hundreds.
 *
 * @module
 */
export type ReferenceEntry = readonly [calls: readonly string[], gives: string, text: string]
