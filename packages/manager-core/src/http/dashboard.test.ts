import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { request as httpRequest } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type ManagerUnderTest, startManagerUnderTest } from '../../test/manager-under-test.ts'

const PAGE = '<!doctype html><script>start()</script>'
let folder: string
let api: ManagerUnderTest

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'picloud-dashboard-'))
  await mkdir(join(folder, 'build/_app/immutable'), { recursive: true })
  await writeFile(join(folder, 'secret.txt'), 'secret')
  await writeFile(join(folder, 'build/index.html'), PAGE)
  await writeFile(join(folder, 'build/_app/immutable/start.abc.js'), 'export {}')
  await writeFile(join(folder, 'build/favicon.svg'), '<svg/>')
  await symlink(join(folder, 'secret.txt'), join(folder, 'build/link.txt'))
  api = await startManagerUnderTest({ dashboardDir: join(folder, 'build') })
})
afterAll(async () => {
  await api.close()
  await rm(folder, { recursive: true })
})

/** fetch would tidy the path up before it is sent. */
function rawStatus(path: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    httpRequest({ host: '127.0.0.1', port: api.port, path }, (response) => {
      response.resume()
      response.on('end', () => resolve(response.statusCode))
    })
      .on('error', reject)
      .end()
  })
}

describe('the dashboard', () => {
  it.each(['/admin', '/admin/', '/admin/index.html', '/admin/setup', '/admin/apps/shop/scripts'])(
    'answers the start page at %s, safe to show',
    async (path) => {
      const { status, text, headers } = await api.request('GET', path, { token: null })
      expect(status).toBe(200)
      expect(text).toBe(PAGE)
      expect(headers.get('content-type')).toMatch(/^text\/html/)
      expect(headers.get('cache-control')).toBe('public, max-age=0')
      const policy = headers.get('content-security-policy')
      expect(policy).toMatch(/script-src 'self' 'sha256-[A-Za-z0-9+/]{43}=';/)
      expect(policy).toContain("frame-ancestors 'none'")
      expect(headers.get('x-content-type-options')).toBe('nosniff')
      expect(headers.get('referrer-policy')).toBe('same-origin')
    },
  )

  it('lets browsers keep what is named by its content', async () => {
    const { status, headers } = await api.request('GET', '/admin/_app/immutable/start.abc.js')
    expect(status).toBe(200)
    expect(headers.get('content-type')).toMatch(/javascript/)
    expect(headers.get('cache-control')).toContain('immutable')
    const icon = await api.request('GET', '/admin/favicon.svg')
    expect(icon.headers.get('cache-control')).toBe('public, max-age=0')
  })

  it.each([
    '/admin/_app/immutable/gone.js',
    '/admin/_app/version',
    '/admin/missing.png',
    '/admin/link.txt',
    '/administrator',
  ])('answers 404 for %s', async (path) => {
    const { status, body } = await api.request('GET', path)
    expect(status).toBe(404)
    expect(body.code).toBe('PIC_ENDPOINT_UNKNOWN')
  })

  it.each([
    '/admin/../secret.txt',
    '/admin/..%2fsecret.txt',
    '/admin/%2e%2e/secret.txt',
    '/admin//etc/passwd.txt',
    '/admin/..\\secret.txt',
    '/admin/index.html%00.txt',
  ])('serves nothing outside its folder: %s', async (path) => {
    expect([400, 404]).toContain(await rawStatus(path))
  })

  it('refuses to start with a folder that is not there', async () => {
    const starting = startManagerUnderTest({ dashboardDir: join(folder, 'missing') })
    await expect(starting).rejects.toThrow('ENOENT')
  })
})
