/**
 * Where a request goes that names an app, in its path, by a slug the app had before: to the same
 * path with the slug it has now (308, RFC 9110 section 15.4.9: method and content stay).
 *
 * Any endpoint with `{app}` in its path is redirected, without a word of its own about it.
 *
 * @module
 */

const APP = '{app}'

/** Whether requests to the endpoint name an app in their path. */
export function namesApp(template: string): boolean {
  return template.split('/').includes(APP)
}

/** @param url path and query as they came @returns the same with the app called by `slug` */
export function movedUrl(template: string, url: string, slug: string): string {
  const end = url.indexOf('?')
  const segments = (end === -1 ? url : url.slice(0, end)).split('/')
  segments[template.split('/').indexOf(APP)] = slug
  return segments.join('/') + (end === -1 ? '' : url.slice(end))
}
