/** A page for one administrator: rendered in the browser only, from the API. */
export const ssr = false
export const trailingSlash = 'never'
