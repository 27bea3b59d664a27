/**
 * Reads server-sent events (WHATWG HTML, section 9.2) from the server as they come.
 *
 * Ends when the server ends the stream. A connection on which not even a sign of life comes any
 * more counts as lost. Coming back after the last event is the caller's.
 *
 * @module
 */
import { StringDecoder } from 'node:string_decoder'
import { problemIn } from '@picloud/api-client'
import { ServerUnreachableError, UnexpectedAnswerError } from '../errors.ts'
import { ApiError } from './api-error.ts'
import type { Connection } from './connection.ts'
import { openAnswer, readBody } from './http-transport.ts'
import { EVENT_BYTES_MAX, STREAM_SILENCE_MAX_MS } from './limits.ts'

export interface ServerEvent {
  readonly name: string
  readonly data: string
}

export interface StreamRequest {
  readonly path: string
  readonly query: Readonly<Record<string, string>>
  /** Null: from the beginning. */
  readonly lastEventId: string | null
  /** Told what to give as `lastEventId` to go on from here; also without an event. */
  onPosition(id: string): void
  /** Ends it. */
  readonly signal?: AbortSignal | undefined
}

/** @throws ApiError, ServerUnreachableError, UnexpectedAnswerError */
export async function* readEvents(
  connection: Connection,
  { path, query, lastEventId, onPosition, signal }: StreamRequest,
): AsyncGenerator<ServerEvent> {
  const silence = new AbortController()
  const timer = setTimeout(() => silence.abort(), STREAM_SILENCE_MAX_MS)
  const headers = {
    accept: 'text/event-stream',
    ...(lastEventId === null ? {} : { 'last-event-id': lastEventId }),
  }
  try {
    const request = { method: 'GET', path, query, headers }
    const ended = signal === undefined ? silence.signal : AbortSignal.any([silence.signal, signal])
    const answer = await openAnswer(connection, request, ended)
    if (answer.statusCode !== 200) throw await refusal(connection, await readBody(answer))
    const decoder = new StringDecoder('utf8')
    let text = ''
    for await (const chunk of answer as AsyncIterable<Buffer>) {
      timer.refresh()
      text += decoder.write(chunk)
      const blocks = text.split('\n\n')
      text = blocks.pop() ?? ''
      if (text.length > EVENT_BYTES_MAX) throw new UnexpectedAnswerError('An event is too long.')
      for (const block of blocks) {
        const id = fieldOf(block, 'id')
        const data = fieldOf(block, 'data')
        if (data !== null) yield { name: fieldOf(block, 'event') ?? 'message', data }
        if (id !== null) onPosition(id)
      }
    }
  } catch (error) {
    if (error instanceof ApiError || error instanceof UnexpectedAnswerError) throw error
    if (error instanceof ServerUnreachableError) throw error
    throw new ServerUnreachableError(`${connection.server.origin} is lost.`, error)
  } finally {
    clearTimeout(timer)
    silence.abort()
  }
}

/** PiCloud sends each field on one line. */
function fieldOf(block: string, name: string): string | null {
  const line = block.split('\n').find((one) => one.startsWith(`${name}: `))
  return line === undefined ? null : line.slice(name.length + 2)
}

async function refusal(connection: Connection, body: Uint8Array): Promise<Error> {
  try {
    const problem = problemIn(JSON.parse(new TextDecoder().decode(body)))
    const advice = problem?.status === 401 ? connection.credentials().advice : null
    if (problem !== null) return new ApiError(problem, advice)
  } catch {
    // No JSON, so not PiCloud's words.
  }
  return new ServerUnreachableError(`What answers at ${connection.server.href} is not PiCloud.`)
}
