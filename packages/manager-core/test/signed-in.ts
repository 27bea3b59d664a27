/**
 * A browser's side of signing in: a PiCloud that is set up, and requests with a session's cookie.
 *
 * @module
 */
import type { Answer, ManagerUnderTest, RequestOptions } from './manager-under-test.ts'

export const PASSWORD = 'correct horse battery'

/** Sets it up; the cookie of the first session, as a browser sends it. */
export async function setUp(api: ManagerUnderTest): Promise<string> {
  const json = { setup_token: await api.manager.prepareSetup(), password: PASSWORD }
  return cookieOf(await api.request('POST', '/api/v1/setup', { json, token: null }))
}

export function signIn(
  api: ManagerUnderTest,
  password = PASSWORD,
  options: RequestOptions = {},
): Promise<Answer> {
  const json = { password }
  return api.request('POST', '/api/v1/sessions', { json, token: null, ...options })
}

export function cookieOf(answer: Answer): string {
  return answer.headers.get('set-cookie')?.split(';')[0] ?? ''
}

/** As a page of the dashboard asks. */
export function ask(
  api: ManagerUnderTest,
  cookie: string,
  method: string,
  path: string,
  options: RequestOptions = {},
): Promise<Answer> {
  const headers = { cookie, 'x-picloud-csrf': '1', ...options.headers }
  return api.request(method, path, { token: null, ...options, headers })
}
