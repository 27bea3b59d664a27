/**
 * Errors of what scripts keep, as the operator meets them.
 *
 * @module
 */
import { quote, UserError } from './user-error.ts'

export class KvEntryNotFoundError extends UserError<'PIC_KV_ENTRY_NOT_FOUND'> {
  constructor(key: string) {
    const message = `The app keeps nothing under ${quote(key)}.`
    super({ code: 'PIC_KV_ENTRY_NOT_FOUND', status: 404, message })
  }
}

export class KvEntryRefusedError extends UserError<'PIC_KV_ENTRY_REFUSED'> {
  constructor(message: string) {
    super({ code: 'PIC_KV_ENTRY_REFUSED', status: 422, message })
  }
}
