/**
 * The thread that examines programs, one after the other, until it is ended.
 *
 * It writes down which program it is at before it starts it, where {@link main.ts} can see it even
 * while a program does not end.
 *
 * @module
 */
import { parentPort, workerData } from 'node:worker_threads'
import { RHAI_ENGINE } from './engine.ts'
import { examine } from './examine.ts'
import { shrink } from './shrink.ts'
import { sourceStream } from './source-stream.ts'

export interface WorkerTask {
  readonly seed: number
  readonly start: number
  /** One number: the program being examined. */
  readonly current: Int32Array
}

export interface Finding {
  readonly index: number
  readonly signature: string
  readonly detail: string
  /** The smallest program found; the source itself if others failed in the same way before. */
  readonly source: string
  readonly isNew: boolean
}

const SHRINKING_MS = 5000

const { seed, start, current } = workerData as WorkerTask
const { sourceAt } = sourceStream(seed)
const known = new Set<string>()

for (let index = start; ; index++) {
  Atomics.store(current, 0, index)
  const source = sourceAt(index)
  const defect = examine(source, RHAI_ENGINE)
  if (defect === undefined) continue
  const { signature, detail } = defect
  const isNew = !known.has(signature)
  known.add(signature)
  const finding: Finding = { index, signature, detail, isNew, source: isNew ? shrunk() : source }
  parentPort?.postMessage(finding)

  function shrunk(): string {
    const fails = (text: string) => examine(text, RHAI_ENGINE)?.signature === signature
    return shrink(source, fails, performance.now() + SHRINKING_MS)
  }
}
