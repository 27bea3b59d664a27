import { describe, expect, it } from 'vitest'
import { AttemptLimiter } from './attempt-limiter.ts'
import { SignInAttempts } from './sign-in-attempts.ts'

const OWNER = '192.0.2.1'

function attempts(): SignInAttempts {
  return new SignInAttempts(new AttemptLimiter())
}

/** From addresses of which each keeps to its own limit. */
function guess(at: SignInAttempts, account: string, times: number): number {
  let tried = 0
  for (let index = 0; index < times; index += 1) {
    try {
      at.begin(account, `198.51.100.${index}`)
      tried += 1
    } catch {
      // Refused: not tried.
    }
  }
  return tried
}

describe('SignInAttempts', () => {
  it('lets an address try ten times a minute', () => {
    const at = attempts()
    for (let index = 0; index < 10; index += 1) at.begin(`name ${index}`, OWNER)
    expect(() => at.begin('another', OWNER)).toThrow(/from this address/)
  })

  it('closes an account to addresses that never signed in to it', () => {
    const at = attempts()
    expect(guess(at, 'admin', 100)).toBe(20)
    expect(() => at.begin('admin', OWNER)).toThrow(/for this account\. Try again in \d+ s/)
    at.begin('another', OWNER)
  })

  it('leaves it open to one that did, however long strangers guess', () => {
    const at = attempts()
    at.begin('admin', OWNER)
    at.succeeded('admin', OWNER)
    expect(guess(at, 'admin', 100)).toBe(20)
    for (let index = 0; index < 10; index += 1) at.begin('admin', OWNER)
    expect(() => at.begin('admin', OWNER)).toThrow(/from this address/)
  })

  it('forgets failures after a success', () => {
    const at = attempts()
    for (let round = 0; round < 5; round += 1) {
      for (let index = 0; index < 9; index += 1) at.begin('admin', OWNER)
      at.succeeded('admin', OWNER)
    }
  })
})
