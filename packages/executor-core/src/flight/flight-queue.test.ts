import type { ExecutionOutcome, ExecutionRequest } from '@picloud/shared'
import { describe, expect, it } from 'vitest'
import { STOPPED_FAILURE } from '../failures.ts'
import { Flight } from './flight.ts'
import { FlightQueue } from './flight-queue.ts'

function flights(count: number): Flight[] {
  const request = {} as ExecutionRequest
  return Array.from(
    { length: count },
    () =>
      new Flight(
        request,
        () => {},
        undefined,
        () => {},
      ),
  )
}

function taken(queue: FlightQueue): Flight[] {
  const all: Flight[] = []
  for (let next = queue.take(); next !== undefined; next = queue.take()) all.push(next)
  return all
}

describe('the queue of flights', () => {
  it('gives them back in the order they came, also when there are many', () => {
    const queue = new FlightQueue()
    const all = flights(5000)
    for (const flight of all) queue.add(flight)
    expect(taken(queue)).toEqual(all)
    expect(queue.length).toBe(0)
  })

  it('gives back first those that were put to the front, in their order', () => {
    const queue = new FlightQueue()
    const [a, b, c, d] = flights(4) as [Flight, Flight, Flight, Flight]
    queue.add(a)
    queue.addFront([c, d])
    queue.addFront([b])
    expect(taken(queue)).toEqual([b, c, d, a])
  })

  it('skips those that were settled meanwhile', () => {
    const queue = new FlightQueue()
    const [a, b, c] = flights(3) as [Flight, Flight, Flight]
    for (const flight of [a, b, c]) queue.add(flight)
    b.fail(STOPPED_FAILURE)
    expect(queue.waiting()).toEqual([a, c])
    expect(queue.length).toBe(2)
    a.fail(STOPPED_FAILURE)
    expect(taken(queue)).toEqual([c])
  })
})

describe('a flight', () => {
  it('settles once, and takes its listener off the signal', () => {
    const outcomes: ExecutionOutcome[] = []
    let cancelled = 0
    const controller = new AbortController()
    const flight = new Flight(
      {} as ExecutionRequest,
      (outcome) => outcomes.push(outcome),
      controller.signal,
      () => {
        cancelled += 1
      },
    )
    flight.fail(STOPPED_FAILURE)
    flight.fail(STOPPED_FAILURE)
    controller.abort()
    expect(outcomes).toHaveLength(1)
    expect(cancelled).toBe(0)
  })
})
