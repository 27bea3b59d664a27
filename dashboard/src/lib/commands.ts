/**
 * What the command palette offers for the letters that were typed.
 *
 * @module
 */
import { api } from './api.ts'
import { ACCOUNT, APP_PAGES, APPS, appPlace, NEW_APP, SYSTEM, scriptPlace } from './places.ts'

export interface Command {
  readonly key: string
  readonly label: string
  /** What it is, in a word or two. */
  readonly kind: string
  /** Null: sign out. */
  readonly href: string | null
}

const APPS_MAX = 8
const SCRIPTS_MAX = 200
const SHOWN_MAX = 12

/** @param slug of the app whose pages are shown, if any: its scripts and pages come first */
export async function commandsFor({
  text,
  slug,
}: {
  readonly text: string
  readonly slug: string | undefined
}): Promise<readonly Command[]> {
  const [scripts, apps] = await Promise.all([
    slug === undefined ? [] : orNone(scriptCommands(slug)),
    orNone(appCommands(text)),
  ])
  const pages = slug === undefined ? [] : appPageCommands(slug)
  return [...pages, ...scripts, ...apps, ...GENERAL]
    .filter(({ label, kind }) => matches(`${label} ${kind}`, text))
    .slice(0, SHOWN_MAX)
}

const GENERAL: readonly Command[] = [
  { key: 'apps', label: 'Apps', kind: 'page', href: APPS },
  { key: 'new-app', label: 'Create an app', kind: 'action', href: NEW_APP },
  { key: 'system', label: 'System', kind: 'page', href: SYSTEM },
  { key: 'account', label: 'Account and tokens', kind: 'page', href: ACCOUNT },
  { key: 'sign-out', label: 'Sign out', kind: 'action', href: null },
]

/** Every word that was typed stands somewhere, in any case. */
function matches(label: string, text: string): boolean {
  const words = text.toLowerCase().split(/\s+/)
  return words.every((word) => label.toLowerCase().includes(word))
}

/** Pages are reached without the server, too. */
async function orNone(commands: Promise<readonly Command[]>): Promise<readonly Command[]> {
  try {
    return await commands
  } catch {
    return []
  }
}

async function appCommands(text: string): Promise<readonly Command[]> {
  const q = text.trim() === '' ? undefined : text.trim().slice(0, 100)
  const { items } = await api.call('listApps', { query: { limit: APPS_MAX, q } })
  return items.map(({ slug, name }) => ({
    key: `app ${slug}`,
    label: name,
    kind: name === slug ? 'app' : `app ${slug}`,
    href: appPlace(slug),
  }))
}

async function scriptCommands(slug: string): Promise<readonly Command[]> {
  const { items } = await api.call('listScripts', { query: { app: slug, limit: SCRIPTS_MAX } })
  return items.map(({ name }) => ({
    key: `script ${name}`,
    label: name,
    kind: `script of ${slug}`,
    href: scriptPlace(slug, name),
  }))
}

function appPageCommands(slug: string): readonly Command[] {
  return APP_PAGES.map(({ label, path }) => ({
    key: `page ${path}`,
    label,
    kind: `page of ${slug}`,
    href: appPlace(slug, path),
  }))
}
