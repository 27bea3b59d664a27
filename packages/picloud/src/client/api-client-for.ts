/**
 * The client of the API over this program's connection, its failures as errors that end a command.
 *
 * @module
 */
import { ApiClient, type Failure } from '@picloud/api-client'
import { ServerUnreachableError, UnexpectedAnswerError } from '../errors.ts'
import { ApiError } from './api-error.ts'
import type { Connection } from './connection.ts'
import { sendRequest } from './http-transport.ts'

export function apiClientFor(connection: Connection): ApiClient {
  return new ApiClient({
    transport: (request) => sendRequest(connection, request),
    errorOf: (failure) => errorOf(failure, connection),
  })
}

function errorOf(failure: Failure, connection: Connection): Error {
  switch (failure.kind) {
    case 'problem': {
      const { problem } = failure
      const advice = problem.status === 401 ? connection.credentials().advice : null
      return new ApiError(problem, advice)
    }
    case 'form':
      return new UnexpectedAnswerError(
        'The server answered in a form this picloud does not know; are the versions of both ' +
          `equal? Its answer to ${failure.operation} has no ${failure.missing.join(', ')}.`,
      )
    case 'foreign':
      return notPiCloud(failure, connection.server)
  }
}

function notPiCloud(
  { status, contentType }: Extract<Failure, { kind: 'foreign' }>,
  server: URL,
): ServerUnreachableError {
  // What stands before PiCloud, or PiCloud itself while it starts.
  if (status >= 502 && status <= 504) {
    return new ServerUnreachableError(
      `PiCloud at ${server.origin} is not ready: status ${status}. Try again in a moment.`,
    )
  }
  return new ServerUnreachableError(
    `What answers at ${server.href} is not PiCloud's API: status ${status}, ` +
      `${contentType ?? 'no content type'}. Is --server or PICLOUD_SERVER right?`,
  )
}
