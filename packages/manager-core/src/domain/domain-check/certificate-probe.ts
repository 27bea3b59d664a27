/**
 * Which certificate the server at an address shows for a name.
 *
 * A connection is made, the certificate is read and the connection is cut: nothing is sent over it.
 * Whether the certificate is good is said, and is no reason not to show it.
 *
 * @module
 */
import {
  checkServerIdentity,
  connect,
  type DetailedPeerCertificate,
  type TLSSocket,
} from 'node:tls'
import type { Certificate, NoCertificateReason } from '@picloud/shared'
import { CERTIFICATE_NAMES_MAX, CERTIFICATE_TEXT_MAX, TLS_DEADLINE_MS } from './check-limits.ts'

export type ProbeAnswer =
  | { readonly kind: 'certificate'; readonly certificate: Certificate }
  | { readonly kind: 'none'; readonly reason: NoCertificateReason; readonly detail: string }

export type ProbeCertificate = (
  address: string,
  host: string,
  signal: AbortSignal,
) => Promise<ProbeAnswer>

export interface CertificateProbeOptions {
  /** Default: that of https. */
  readonly port?: number
  /** Who is trusted, instead of those Node.js trusts. */
  readonly authorities?: string
  readonly deadlineMs?: number
}

const HTTPS_PORT = 443
const MS_PER_DAY = 86_400_000

export function createCertificateProbe(options: CertificateProbeOptions = {}): ProbeCertificate {
  const { port = HTTPS_PORT, authorities, deadlineMs = TLS_DEADLINE_MS } = options
  return (address, host, signal) =>
    new Promise((resolve) => {
      const socket = connect({
        host: address,
        port,
        servername: host,
        rejectUnauthorized: false,
        // Trust and name are told apart.
        checkServerIdentity: () => undefined,
        ALPNProtocols: ['h2', 'http/1.1'],
        ...(authorities === undefined ? {} : { ca: authorities }),
      })
      const settle = (answer: ProbeAnswer) => {
        clearTimeout(timer)
        signal.removeEventListener('abort', onAbort)
        socket.destroy()
        resolve(answer)
      }
      const late = none('timeout', `no certificate within ${deadlineMs} ms`)
      const timer = setTimeout(() => settle(late), deadlineMs)
      const onAbort = () => settle(late)
      signal.addEventListener('abort', onAbort)
      socket.once('secureConnect', () => settle(shownBy(socket, address, host)))
      socket.on('error', (error) => settle(failureOf(error)))
      socket.once('close', () => settle(none('no_tls', 'the connection was closed')))
      if (signal.aborted) onAbort()
    })
}

function shownBy(socket: TLSSocket, address: string, host: string): ProbeAnswer {
  const shown = socket.getPeerCertificate(true)
  if (shown.subject === undefined) return none('no_tls', 'the server has no certificate')
  const to = Date.parse(shown.valid_to)
  const from = Date.parse(shown.valid_from)
  if (Number.isNaN(to) || Number.isNaN(from)) return none('no_tls', 'its certificate has no dates')
  return {
    kind: 'certificate',
    certificate: {
      address,
      subject: nameOf(shown.subject),
      issuer: nameOf(shown.issuer),
      names: namesOf(shown),
      valid_from: new Date(from).toISOString(),
      valid_to: new Date(to).toISOString(),
      days_left: Math.floor((to - Date.now()) / MS_PER_DAY),
      trusted: socket.authorized,
      trust_problem: socket.authorized ? null : problemOf(socket.authorizationError),
      matches: checkServerIdentity(host, shown) === undefined,
    },
  }
}

/** The common name where there is one, else all of it. */
function nameOf(parts: DetailedPeerCertificate['subject'] | undefined): string {
  const all = Object.entries(parts ?? {}).map(([key, value]) => `${key}=${value}`)
  const name = parts?.CN ?? all.join(', ')
  return String(name).slice(0, CERTIFICATE_TEXT_MAX)
}

/** As in `DNS:example.com, IP Address:192.0.2.1`. */
function namesOf({ subjectaltname = '' }: DetailedPeerCertificate): string[] {
  return subjectaltname
    .split(', ')
    .flatMap((entry) => /^(?:DNS|IP Address):(.+)$/.exec(entry)?.[1] ?? [])
    .slice(0, CERTIFICATE_NAMES_MAX)
    .map((name) => name.slice(0, CERTIFICATE_TEXT_MAX))
}

function problemOf(problem: unknown): string {
  const { code = String(problem) } = problem as { readonly code?: string }
  return code
}

const UNREACHABLE = /^E(?:HOST|NET)UNREACH$|^EADDRNOTAVAIL$|^EACCES$|^EPERM$/

function failureOf(error: Error & { readonly code?: string }): ProbeAnswer {
  const { code = 'unknown' } = error
  if (code === 'ECONNREFUSED') return none('refused', code)
  if (code === 'ETIMEDOUT') return none('timeout', code)
  return none(UNREACHABLE.test(code) ? 'unreachable' : 'no_tls', code)
}

function none(reason: NoCertificateReason, detail: string): ProbeAnswer {
  return { kind: 'none', reason, detail }
}
