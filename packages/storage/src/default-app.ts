/**
 * The app every install has. The migration that brought apps makes it.
 *
 * @module
 */
export const DEFAULT_APP_SLUG = 'default'
