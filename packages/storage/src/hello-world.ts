/**
 * The first script of a fresh install: proof that it works, and a text to start from.
 *
 * @module
 */
import type { Database } from './database.ts'
import { DEFAULT_APP_SLUG } from './default-app.ts'

export const HELLO_WORLD_NAME = 'hello-world'

export const HELLO_WORLD_SOURCE = `// A PiCloud script runs once for every request, from top to bottom.
// The value of its last line is the answer: a map becomes JSON.
//
// Try it: open this app's address with ?name=Ada at its end.

let name = request.query.name ?? "world";

log::info("somebody said hello", #{ name: name });

#{
    message: \`Hello, \${name}!\`,
    method: request.method,
    path: request.path,
}
`

/**
 * Gives the app `default` its first script, with a route at `/`, unless it has scripts already.
 *
 * @returns whether it did. Safe to call at every start and by several programs at once.
 */
export async function seedHelloWorldIfFresh(database: Database): Promise<boolean> {
  // Most starts are not the first: find out without taking part in the order of writes.
  if (!(await isFresh(database))) return false
  const { result } = await database.write(async (tx) => {
    const app = await tx.apps.find(DEFAULT_APP_SLUG)
    if (app === null || (await tx.scripts.list({ appId: app.id, limit: 1 })).items.length > 0) {
      return false
    }
    const script = await tx.scripts.create({
      appId: app.id,
      name: HELLO_WORLD_NAME,
      source: HELLO_WORLD_SOURCE,
    })
    await tx.routes.create({
      appId: app.id,
      scriptId: script.id,
      method: 'GET',
      hostPattern: null,
      pathPattern: '/',
      enabled: true,
    })
    return true
  })
  return result
}

async function isFresh(database: Database): Promise<boolean> {
  const app = await database.apps.find(DEFAULT_APP_SLUG)
  if (app === null) return false
  return (await database.scripts.list({ appId: app.id, limit: 1 })).items.length === 0
}
