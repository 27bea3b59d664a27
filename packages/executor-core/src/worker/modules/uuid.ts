/**
 * `uuid::`, RFC 9562.
 *
 *     uuid::v4()              of random bits
 *     uuid::v7()              begins with the time, so that later ones sort after earlier ones
 *     uuid::is_valid(text)    whether a text is a UUID of any version
 *
 * @module
 */
import { type HostModule, hostFunction, STRING } from '@picloud/rhai'
import { library } from '../library.ts'

const uuid = library<typeof import('uuid')>('uuid')
/** One takes a microsecond or two. */
const OPERATIONS = 50

export const UUID_MODULE: HostModule = {
  functions: {
    v4: hostFunction([], (context) => {
      context.charge(OPERATIONS)
      return uuid().v4()
    }),
    v7: hostFunction([], (context) => {
      context.charge(OPERATIONS)
      return uuid().v7()
    }),
    is_valid: hostFunction([STRING], (context, text) => {
      context.charge(OPERATIONS)
      return uuid().validate(text)
    }),
  },
}
