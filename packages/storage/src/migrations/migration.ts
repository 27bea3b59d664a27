/**
 * What a migration is: a number, a name and plain SQL, applied whole or not at all.
 *
 * A migration that was released is never edited. Its text must run on PostgreSQL 15.
 *
 * @module
 */
export interface Migration {
  readonly version: number
  readonly name: string
  readonly sql: string
}
