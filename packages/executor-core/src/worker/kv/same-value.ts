/**
 * Whether two values are the same to `kv::compare_and_set`: of the same type, with the same content.
 * The host compares the bytes of both; this is the same without bytes.
 *
 * @module
 */
import {
  arrayItems,
  isArray,
  isBlob,
  isMap,
  mapEntries,
  mapGet,
  mapSize,
  RhaiChar,
  RhaiFloat,
  type Value,
} from '@picloud/rhai'

export function isSameValue(left: Value, right: Value): boolean {
  if (left instanceof RhaiFloat) {
    return right instanceof RhaiFloat && Object.is(left.value, right.value)
  }
  if (left instanceof RhaiChar) return right instanceof RhaiChar && left.code === right.code
  if (left !== undefined && isBlob(left)) {
    return right !== undefined && isBlob(right) && Buffer.compare(left.bytes, right.bytes) === 0
  }
  if (isArray(left)) return isArray(right) && isSameArray(arrayItems(left), arrayItems(right))
  if (!isMap(left)) return left === right
  if (!isMap(right) || mapSize(left) !== mapSize(right)) return false
  const keys = new Set([...mapEntries(right)].map(([key]) => key))
  return [...mapEntries(left)].every(
    ([key, item]) => keys.has(key) && isSameValue(item, mapGet(right, key)),
  )
}

function isSameArray(left: readonly Value[], right: readonly Value[]): boolean {
  return left.length === right.length && left.every((item, i) => isSameValue(item, right[i]))
}
