/**
 * Says in one line that this Node is too old, before anything that needs a newer one is loaded.
 *
 * Imports nothing and is written so that an old Node can run it: entry files load it alone, and
 * the program only through the callback.
 *
 * @module
 */
import process from 'node:process'

const NODE_MAJOR_MIN = 24

/** Runs the program on a Node it can run on. The result is the exit code. */
export async function onRecentNode(name: string, run: () => Promise<number>): Promise<number> {
  const { node } = process.versions
  if (Number(node.split('.')[0]) >= NODE_MAJOR_MIN) return run()
  process.stderr.write(
    `${name}: Node ${NODE_MAJOR_MIN} or later is needed; this is Node ${node}.\n`,
  )
  return 1
}
