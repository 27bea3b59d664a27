import { describe, expect, it } from 'vitest'
import { sessionCookiesOf, withoutSessionCookie } from './session-cookie.ts'

describe('the session cookie in a Cookie header', () => {
  it.each([
    ['', [], ''],
    ['a=1; b=2', [], 'a=1; b=2'],
    ['picloud_session=x', ['x'], ''],
    ['a=1; picloud_session=x; b=2', ['x'], 'a=1; b=2'],
    ['a=1;picloud_session=x;b=2', ['x'], 'a=1; b=2'],
    ['picloud_session = x; b=2', [' x'], 'b=2'],
    ['picloud_session=x; picloud_session=y', ['x', 'y'], ''],
    ['picloud_session_2=x', [], 'picloud_session_2=x'],
    ['my_picloud_session=x', [], 'my_picloud_session=x'],
    ['a=picloud_session=x', [], 'a=picloud_session=x'],
  ])('is found in %j and taken out of it', (header, found, rest) => {
    expect(sessionCookiesOf(header)).toEqual(found)
    expect(withoutSessionCookie(header)).toBe(rest)
  })

  it.each([
    ['without a sign', `picloud_session; a${' '.repeat(30_000)}b`],
    ['before a sign', `picloud_session${' '.repeat(30_000)}=x; a${' '.repeat(30_000)}b=c`],
  ])('is looked for in time that grows with the length alone: white space %s', (_, header) => {
    const started = performance.now()
    withoutSessionCookie(header)
    sessionCookiesOf(header)
    expect(performance.now() - started).toBeLessThan(1_000)
  })
})
