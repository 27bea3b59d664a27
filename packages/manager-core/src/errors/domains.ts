/**
 * Errors of domain claims.
 *
 * @module
 */
import { listRoutes, type RouteName, routeDetail } from './route-name.ts'
import { quote, UserError } from './user-error.ts'

export class DomainClaimedError extends UserError<'PIC_DOMAIN_CLAIMED'> {
  constructor(wanted: string, claim: { readonly pattern: string; readonly sameApp: boolean }) {
    const holder = claim.sameApp ? 'this app' : 'another app'
    super({
      code: 'PIC_DOMAIN_CLAIMED',
      status: 409,
      message: `${wanted} answers for the same hosts as ${claim.pattern}, which ${holder} claims.`,
      errors: [{ pointer: '/pattern', message: `Collides with the claim ${claim.pattern}.` }],
      details: { claim: { pattern: claim.pattern, same_app: claim.sameApp } },
    })
  }
}

export class DomainNotFoundError extends UserError<'PIC_DOMAIN_NOT_FOUND'> {
  constructor(id: string) {
    const message = `The app has no domain claim with the id ${quote(id)}.`
    super({ code: 'PIC_DOMAIN_NOT_FOUND', status: 404, message })
  }
}

export class DomainCheckBusyError extends UserError<'PIC_DOMAIN_CHECK_BUSY'> {
  constructor(max: number) {
    super({
      code: 'PIC_DOMAIN_CHECK_BUSY',
      status: 503,
      message: `${max} domains are being checked already, which is as many as at once: try again.`,
    })
  }
}

export class DomainInUseError extends UserError<'PIC_DOMAIN_IN_USE'> {
  constructor(pattern: string, routes: readonly RouteName[]) {
    super({
      code: 'PIC_DOMAIN_IN_USE',
      status: 409,
      message:
        `${pattern} cannot be released: ${listRoutes(routes)} would answer nowhere. Delete or ` +
        'move them first, or repeat with ?force=true to switch them off.',
      details: { routes: routes.map(routeDetail) },
    })
  }
}

export class DomainPublicSuffixError extends UserError<'PIC_DOMAIN_PUBLIC_SUFFIX'> {
  constructor(pattern: string, suffix: string) {
    const message =
      `${pattern} cannot be claimed: ${suffix} is a public suffix, under which anyone may have ` +
      'names. Claim a name below it.'
    super({
      code: 'PIC_DOMAIN_PUBLIC_SUFFIX',
      status: 422,
      message,
      errors: [{ pointer: '/pattern', message }],
      details: { suffix },
    })
  }
}

export class DomainAdminHostError extends UserError<'PIC_DOMAIN_ADMIN_HOST'> {
  constructor(host: string) {
    const message =
      `${host} is the admin host (PICLOUD_ADMIN_HOST): PiCloud answers it itself, and no app can ` +
      'claim it.'
    super({
      code: 'PIC_DOMAIN_ADMIN_HOST',
      status: 422,
      message,
      errors: [{ pointer: '/pattern', message }],
    })
  }
}
