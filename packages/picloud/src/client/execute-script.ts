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

/** With these the server says that no script ran: `picloud start`, and the nodes of a cluster. */
const REFUSALS: readonly string[] = [
  'PIC_UNAUTHENTICATED',
  'PIC_SCOPE_MISSING',
  'PIC_INGRESS_UNAUTHENTICATED',
  'PIC_INGRESS_SCOPE_MISSING',
  'PIC_ROUTE_SCRIPT_UNKNOWN',
]

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
  // An answer of the script's own, whatever its status, has none of these codes.
  const problem = answer.status >= 400 ? problemIn(jsonOf(answer)) : null
  if (problem === null || !REFUSALS.includes(problem.code)) return answer
  throw new ApiError(problem, problem.status === 401 ? connection.credentials().advice : null)
}

function jsonOf({ body }: TransportAnswer): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(body))
  } catch {
    // No problem document, so the script's own answer.
    return null
  }
}
