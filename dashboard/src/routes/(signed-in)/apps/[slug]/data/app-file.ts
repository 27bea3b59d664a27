/**
 * An app as one file: what it holds, before it is made an app again.
 *
 * Looked into only as far as a summary needs; the server judges the rest.
 *
 * @module
 */
import type { Answer, CallOptions } from '@picloud/api-client'

export type AppFile = CallOptions<'importApp'>['body']['file']

export type ReadFile =
  | { readonly kind: 'file'; readonly file: AppFile }
  | { readonly kind: 'problem'; readonly problem: string }

/** What the API takes as one request. */
const FILE_BYTES_MAX = 20 * 1024 * 1024
const FORMAT = 'picloud-app'
const FORMAT_VERSION = 1

export async function readAppFile(blob: Blob): Promise<ReadFile> {
  if (blob.size > FILE_BYTES_MAX) return problem('The file is larger than an app can be (20 MiB).')
  return appFileOf(await blob.text())
}

export function appFileOf(text: string): ReadFile {
  let content: unknown
  try {
    content = JSON.parse(text)
  } catch {
    return problem('This is no JSON, and so no file that an export wrote.')
  }
  if (!isMap(content) || content.format !== FORMAT) {
    return problem('This is no app: a file that an export wrote says "format": "picloud-app".')
  }
  if (content.format_version !== FORMAT_VERSION) {
    return problem(
      `The file has the format version ${String(content.format_version)}, and this PiCloud knows ${FORMAT_VERSION}.`,
    )
  }
  return isWhole(content)
    ? { kind: 'file', file: content as unknown as AppFile }
    : problem('The file is incomplete: an export has a slug, a time, domains, scripts and routes.')
}

/** Whether all is there that a summary tells of. */
function isWhole({ slug, exported_at, manifest }: Readonly<Record<string, unknown>>): boolean {
  if (typeof slug !== 'string' || typeof exported_at !== 'string' || !isMap(manifest)) return false
  const { domains, scripts, routes } = manifest
  return (
    !Number.isNaN(Date.parse(exported_at)) &&
    isListOf(domains, (domain) => typeof domain === 'string') &&
    isListOf(scripts, (one) => isMap(one) && typeof one.source === 'string') &&
    isListOf(routes, isMap)
  )
}

export function exportedText(app: Answer<'exportApp'>): string {
  return `${JSON.stringify(app, null, 2)}\n`
}

function problem(text: string): ReadFile {
  return { kind: 'problem', problem: text }
}

function isListOf(value: unknown, isItem: (item: unknown) => boolean): boolean {
  return Array.isArray(value) && value.every(isItem)
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
