/**
 * Runs a script by its id. What a script answers has no shape the API could promise, so this is
 * the one call beside the generated client.
 *
 * @module
 */
import { problemIn } from '@picloud/api-client'
import { ApiError } from './api-error.ts'
import type { Connection } from './connection.ts'
import { sendRequest, type TransportAnswer } from './http-transport.ts'
import { EXECUTE_DEADLINE_MS } from './limits.ts'

export interface ExecuteRequest {
  readonly scriptId: string
  readonly query: Readonly<Record<string, string>>
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array
}

/** What the script answers is the answer, also an error; a refusal throws. */
export async function executeScript(
  connection: Connection,
  { scriptId, query, headers, body }: ExecuteRequest,
): Promise<TransportAnswer> {
  const answer = await sendRequest(connection, {
    method: 'POST',
    path: `/api/v1/execute/${encodeURIComponent(scriptId)}`,
    query,
    headers,
    body,
    deadlineMs: EXECUTE_DEADLINE_MS,
  })
  // A 401 of the script's own is its answer.
  const problem = answer.status === 401 ? problemIn(jsonOf(answer)) : null
  if (problem?.code !== 'PIC_UNAUTHENTICATED') return answer
  throw new ApiError(problem, connection.credentials().advice)
}

function jsonOf({ body }: TransportAnswer): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(body))
  } catch {
    // No problem document, so the script's own answer.
    return null
  }
}
