import { redirect } from '@sveltejs/kit'
import { signInPlace } from '#lib/places.ts'
import { session } from '#lib/session.svelte.ts'

export function load({ url }: { readonly url: URL }) {
  if (!session.isSignedIn) redirect(307, signInPlace(url))
}
