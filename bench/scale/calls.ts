/**
 * What is measured: each call as it is made, over and over, of another app every time.
 *
 * @module
 */
import type { Ask } from '../picloud-server.ts'

export interface Place {
  readonly ask: Ask
  readonly apps: number
  /** Counts the calls of one kind. */
  readonly number: number
}

export interface MeasuredCall {
  readonly name: string
  /** What the call needs, which is not measured. */
  readonly prepare: (place: Place) => Promise<(place: Place) => Promise<unknown>>
}

export const CALLS: readonly MeasuredCall[] = [
  call('list apps, first page', ({ ask }) => ask('GET', '/apps')),
  deepPage('list apps, a deep page', '/apps'),
  call('search apps, found', (place) =>
    place.ask('GET', `/apps?q=${slugOf(place).replace('app-', '')}`),
  ),
  call('search apps, found nowhere', ({ ask }) => ask('GET', '/apps?q=nowhere')),
  call('one app by slug', (place) => place.ask('GET', `/apps/${slugOf(place)}`)),
  call('check a slug', (place) =>
    place.ask('GET', `/apps/slug:check?slug=${slugOf(place)}-${place.number % 2}`),
  ),
  call('create an app', ({ ask, number }) => ask('POST', '/apps', { slug: `made-${number}` })),
  call('rename an app', ({ ask, number }) =>
    ask('PATCH', `/apps/made-${number}`, { slug: `renamed-${number}` }),
  ),
  call('list domains of an app', (place) => place.ask('GET', `/apps/${slugOf(place)}/domains`)),
  call('claim a domain', (place) =>
    place.ask('POST', `/apps/${slugOf(place)}/domains`, {
      pattern: `made-${place.number}.example`,
    }),
  ),
  call('list scripts of an app', (place) => place.ask('GET', `/scripts?app=${slugOf(place)}`)),
  call('list all scripts, first page', ({ ask }) => ask('GET', '/scripts')),
  deepPage('list all scripts, a deep page', '/scripts'),
  call('list routes of an app', (place) => place.ask('GET', `/routes?app=${slugOf(place)}`)),
  call('list all routes, first page', ({ ask }) => ask('GET', '/routes')),
  deepPage('list all routes, a deep page', '/routes'),
  ofApps('check a route', (app, { ask }) =>
    ask('POST', '/routes:check', { app_id: app.id, method: 'GET', path_pattern: '/users/:key' }),
  ),
  ofApps('create a route', (app, { ask, number }) =>
    ask('POST', '/routes', { app_id: app.id, script_id: null, path_pattern: `/made/${number}` }),
  ),
  call('explain a request', (place) =>
    place.ask('GET', `/explain?url=https://${slugOf(place)}.example/items/7`),
  ),
]

function call(name: string, measured: (place: Place) => Promise<unknown>): MeasuredCall {
  return { name, prepare: async () => measured }
}

/** A page after thousands of others, found by walking there. */
function deepPage(name: string, path: string): MeasuredCall {
  return {
    name,
    prepare: async ({ ask, apps }) => {
      let cursor = ''
      for (let page = 0; page < apps / 5 / 200; page += 1) {
        const more = cursor === '' ? '' : `&cursor=${cursor}`
        cursor = (await ask('GET', `${path}?limit=200${more}`)).next_cursor
      }
      return (place) => place.ask('GET', `${path}?cursor=${cursor}`)
    },
  }
}

interface App {
  readonly id: string
}

/** With the ids of some apps at hand. */
function ofApps(
  name: string,
  measured: (app: App, place: Place) => Promise<unknown>,
): MeasuredCall {
  return {
    name,
    prepare: async ({ ask }) => {
      const { items } = await ask('GET', '/apps?q=app-&limit=200')
      return (place) => measured(items[place.number % items.length], place)
    },
  }
}

/** Spread over all apps. */
function slugOf({ apps, number }: Place): string {
  const which = ((number * 7_919) % apps) + 1
  return `app-${String(which).padStart(6, '0')}`
}
