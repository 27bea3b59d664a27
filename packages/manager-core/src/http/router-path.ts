/**
 * Path templates of the API, as the router writes them.
 *
 * A template is that of OpenAPI: `{name}` is a parameter, everything else is meant as it stands. A
 * verb behind a parameter (`{script_id}:rollback`) is part of the same segment.
 *
 * @module
 */

/** To the router a colon begins a parameter, and one that is meant is doubled. */
export function routerPath(template: string): string {
  return template
    .replaceAll(':', '::')
    .replaceAll(/\{(\w+)\}(?=::)/g, ':$1(^[^:/]+)')
    .replaceAll(/\{(\w+)\}/g, ':$1')
}

/** Matches what the template stands for, one or more characters for each parameter. */
export function templatePattern(template: string): RegExp {
  const literal = template.replaceAll(/[.*+?^$()|[\]\\]/g, '\\$&')
  return new RegExp(`^${literal.replaceAll(/\{\w+\}/g, '[^/]+')}$`)
}
