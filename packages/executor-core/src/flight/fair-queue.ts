/**
 * What waits for computing time, fair between apps: who had least of it comes next.
 *
 * Each app has a lane, first come first served. A lane carries the time its app has been given
 * while anything waits: each take adds what one script of the app usually computes. The lane with
 * the least is next; among equals, the one whose turn is longest ago. An app that comes anew starts
 * from what the one served last had, so it goes before those that flood and saves nothing up while
 * it is away. With scripts that take equally long this is round robin.
 * (Start-time fair queueing: P. Goyal, H. Vin, H. Cheng, 1996.)
 *
 * What a lost sandbox had not begun has waited its turn already and goes before all lanes.
 *
 * Adding, removing and taking cost the same for any number waiting, and grow with the logarithm of
 * the number of apps. Knows nothing of sandboxes: the pool and each sandbox have one.
 *
 * @module
 */
import { LeastHeap } from './least-heap.ts'

/** What a script is taken to compute until one of its app was measured. */
const FIRST_COST_MS = 1
/** No script costs less: handing it over is work too. */
const COST_MS_MIN = 0.05
/** How much one measured time changes the usual one. */
const COST_WEIGHT = 0.2

interface Lane<Item> {
  readonly app: string
  readonly items: Set<Item>
  /** Goes on where it stopped: a set asked anew for its first item would search past removed ones. */
  readonly cursor: Iterator<Item>
  givenMs: number
  costMs: number
  /** Which take was its last. */
  turn: number
}

export class FairQueue<Item> implements Iterable<Item> {
  readonly #appOf: (item: Item) => string
  readonly #lanes = new Map<string, Lane<Item>>()
  readonly #order = new LeastHeap<Lane<Item>>(isBefore)
  #front = new Set<Item>()
  #length = 0
  /** What the lane served last had been given before. */
  #givenMs = 0
  #turns = 0

  constructor(appOf: (item: Item) => string) {
    this.#appOf = appOf
  }

  get length(): number {
    return this.#length
  }

  add(item: Item): void {
    const app = this.#appOf(item)
    const lane = this.#lanes.get(app) ?? this.#addLane(app)
    lane.items.add(item)
    this.#length += 1
  }

  /** Puts these before everything else, in their order. */
  addFront(items: readonly Item[]): void {
    this.#front = new Set([...items, ...this.#front])
    this.#length += items.length
  }

  take(): Item | undefined {
    if (this.#length === 0) return undefined
    const item = this.#front.size > 0 ? this.#takeFront() : this.#takeLeast()
    this.#length -= 1
    if (this.#length === 0) this.#rest()
    return item
  }

  /** The first of an app that waits, out of its turn and at nobody's cost. */
  takeOf(app: string): Item | undefined {
    for (const item of this.#front) if (this.#appOf(item) === app) return this.#taken(item)
    const [item] = this.#lanes.get(app)?.items ?? []
    return item === undefined ? undefined : this.#taken(item)
  }

  /** Each app of which something waits; one may come twice. */
  *apps(): Iterable<string> {
    for (const item of this.#front) yield this.#appOf(item)
    for (const { app, items } of this.#lanes.values()) if (items.size > 0) yield app
  }

  /** Whether it was there. */
  remove(item: Item): boolean {
    const isGone =
      this.#lanes.get(this.#appOf(item))?.items.delete(item) === true || this.#front.delete(item)
    if (!isGone) return false
    this.#length -= 1
    if (this.#length === 0) this.#rest()
    return true
  }

  /** Whether anything of `app` waits for its turn. */
  hasOf(app: string): boolean {
    return (this.#lanes.get(app)?.items.size ?? 0) > 0
  }

  /** Tells how long a script of `app` computed. */
  measured(app: string, ms: number): void {
    const lane = this.#lanes.get(app)
    if (lane === undefined) return
    lane.costMs = Math.max(COST_MS_MIN, lane.costMs + (ms - lane.costMs) * COST_WEIGHT)
  }

  /** Everything that waits, in no order between apps. Items may be removed meanwhile. */
  *[Symbol.iterator](): Iterator<Item> {
    yield* this.#front
    for (const { items } of this.#lanes.values()) yield* items
  }

  #addLane(app: string): Lane<Item> {
    const items = new Set<Item>()
    const cursor = items.values()
    const lane = { app, items, cursor, givenMs: this.#givenMs, costMs: FIRST_COST_MS, turn: 0 }
    this.#turns += 1
    lane.turn = this.#turns
    this.#lanes.set(app, lane)
    this.#order.add(lane)
    return lane
  }

  #takeFront(): Item | undefined {
    const [item] = this.#front
    if (item !== undefined) this.#front.delete(item)
    return item
  }

  #taken(item: Item): Item {
    this.remove(item)
    return item
  }

  #takeLeast(): Item | undefined {
    for (;;) {
      const lane = this.#order.first
      if (lane === undefined) return undefined
      if (lane.items.size > 0) return this.#takeOf(lane)
      // It kept its place while it was empty, so that coming and going gains nothing.
      this.#order.dropFirst()
      this.#lanes.delete(lane.app)
    }
  }

  #takeOf(lane: Lane<Item>): Item {
    const item: Item = lane.cursor.next().value
    lane.items.delete(item)
    this.#givenMs = lane.givenMs
    lane.givenMs += lane.costMs
    this.#turns += 1
    lane.turn = this.#turns
    this.#order.sinkFirst()
    return item
  }

  /** Nothing waits: nobody is owed anything. */
  #rest(): void {
    this.#lanes.clear()
    this.#order.clear()
    this.#givenMs = 0
  }
}

function isBefore(a: Lane<unknown>, b: Lane<unknown>): boolean {
  return a.givenMs < b.givenMs || (a.givenMs === b.givenMs && a.turn < b.turn)
}
