/**
 * A record whose keys come from outside.
 *
 * It inherits nothing, so a query parameter called `constructor` is only that, and one called
 * `__proto__` is a key like any other. Made by a constructor because `Object.create(null)` gives
 * V8's slow kind of object, and three of these are made per request.
 *
 * @module
 */
export type TextRecord = Record<string, string>

function EmptyRecord(): void {}
EmptyRecord.prototype = Object.create(null)

export const TextRecord = EmptyRecord as unknown as new () => TextRecord
