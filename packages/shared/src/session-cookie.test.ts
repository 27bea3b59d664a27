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
})
