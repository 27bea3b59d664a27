/**
 * The dashboard is a static single-page build that the manager serves at `/admin`.
 *
 * The page's only inline script is SvelteKit's start-up; its hash stands in the page's own
 * Content-Security-Policy, so that no other inline script can run.
 */
import adapter from '@sveltejs/adapter-static'
import { sveltekit } from '@sveltejs/kit/vite'
import { defineConfig } from 'vite'

export default defineConfig({
  plugins: [
    sveltekit({
      adapter: adapter({ pages: 'build', fallback: 'index.html' }),
      paths: { base: '/admin', relative: false },
      csp: {
        mode: 'hash',
        directives: {
          'default-src': ['self'],
          'style-src': ['self', 'unsafe-inline'],
          'img-src': ['self', 'data:'],
          'object-src': ['none'],
          'base-uri': ['none'],
        },
      },
    }),
  ],
  server: { proxy: { '/api': 'http://localhost:8080', '/version': 'http://localhost:8080' } },
})
