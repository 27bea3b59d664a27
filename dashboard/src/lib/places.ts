/**
 * The addresses of the dashboard's pages: links are made here and nowhere else.
 *
 * @module
 */
import { resolve } from '$app/paths'

/** `/admin`, without a slash at its end. */
const BASE = resolve('/').replace(/\/$/, '')

export const APPS = `${BASE}/apps`
export const NEW_APP = `${APPS}?new`
export const SYSTEM = `${BASE}/system`
export const ACCOUNT = `${BASE}/account`
export const SIGN_IN = `${BASE}/sign-in`

/** The pages of an app, in the order of their tabs; paths below the app's own. */
export const APP_PAGES = [
  { label: 'Overview', path: '' },
  { label: 'Scripts', path: '/scripts' },
  { label: 'Routes', path: '/routes' },
  { label: 'Domains', path: '/domains' },
  { label: 'Executions', path: '/executions' },
  { label: 'Data', path: '/data' },
  { label: 'Settings', path: '/settings' },
] as const

type AppPage = (typeof APP_PAGES)[number]['path']

export function appPlace(slug: string, page: AppPage = ''): string {
  return `${APPS}/${encodeURIComponent(slug)}${page}`
}

export function scriptPlace(slug: string, name: string): string {
  return `${appPlace(slug, '/scripts')}/${encodeURIComponent(name)}`
}

/** The parts of an app's data, in the order of their tabs. */
export const DATA_PARTS = [
  { label: 'Keys', part: 'keys' },
  { label: 'Secrets', part: 'secrets' },
  { label: 'Export and import', part: 'file' },
] as const

export type DataPart = (typeof DATA_PARTS)[number]['part']

const FIRST_PART: DataPart = 'keys'

export function dataPlace(slug: string, part: DataPart): string {
  const place = appPlace(slug, '/data')
  return part === FIRST_PART ? place : `${place}?part=${part}`
}

export function dataPartOf({ search }: Pick<URL, 'search'>): DataPart {
  const wanted = new URLSearchParams(search).get('part')
  return DATA_PARTS.find(({ part }) => part === wanted)?.part ?? FIRST_PART
}

export function executionPlace(slug: string, executionId: string): string {
  return `${appPlace(slug, '/executions')}/${executionId}`
}

/** Where one wanted to go before being asked to sign in: kept in the address of the sign-in page. */
const WANTED = 'to'

type Address = Pick<URL, 'pathname' | 'search'>

export function signInPlace(wanted: Address): string {
  return `${SIGN_IN}?${new URLSearchParams({ [WANTED]: wanted.pathname + wanted.search })}`
}

/** Only pages of the dashboard itself: a link to the sign-in page must not lead elsewhere. */
export function wantedPlace(signIn: Pick<URL, 'origin' | 'search'>): string {
  const wanted = new URLSearchParams(signIn.search).get(WANTED)
  const url = wanted === null ? null : URL.parse(wanted, signIn.origin)
  const isOwn = url?.origin === signIn.origin && url.pathname.startsWith(`${BASE}/`)
  return isOwn ? url.pathname + url.search : APPS
}
