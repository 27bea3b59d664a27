/**
 * The manager's API, through the generated client: pages call its operations directly.
 *
 * @module
 */
import { ApiClient } from '@picloud/api-client'
import { apiErrorOf } from './api-error.ts'
import { fetchTransport } from './fetch-transport.ts'
import { session } from './session.svelte.ts'

export const api = new ApiClient({
  transport: fetchTransport,
  errorOf: (failure) => {
    const error = apiErrorOf(failure)
    if (error.status === 401) session.end(error.message)
    return error
  },
})
