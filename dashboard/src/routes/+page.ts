import { redirect } from '@sveltejs/kit'
import { APPS } from '#lib/places.ts'

export function load() {
  redirect(307, APPS)
}
