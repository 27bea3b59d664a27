import type { Argon2Parameters } from 'node:crypto'
import { setImmediate } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { PasswordsBusyError } from '../errors/access.ts'
import { deriveOnThreadPool, PasswordHasher } from './password-hasher.ts'

const WEAK = { memoryKib: 64, passes: 1, lanes: 1 }

/** A hasher that counts its work. */
function counted(): { readonly hasher: PasswordHasher; readonly done: Argon2Parameters[] } {
  const done: Argon2Parameters[] = []
  const derive = (parameters: Argon2Parameters) => {
    done.push(parameters)
    return deriveOnThreadPool(parameters)
  }
  return { hasher: new PasswordHasher({ derive, parameters: WEAK }), done }
}

describe('PasswordHasher', () => {
  it('makes argon2id hashes with the parameters OWASP names, each with a salt of its own', async () => {
    const hasher = new PasswordHasher()
    const hash = await hasher.hash('correct horse')
    expect(hash).toMatch(
      /^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/,
    )
    expect(await hasher.matches('correct horse', hash)).toBe(true)
    expect(await hasher.matches('correct horsf', hash)).toBe(false)
    expect(await hasher.hash('correct horse')).not.toBe(hash)
  })

  it('checks a hash made elsewhere by the same standard', async () => {
    const hash =
      '$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc'
    expect(await new PasswordHasher().matches('password', hash)).toBe(true)
  })

  it('takes the Unicode forms of one text for one password', async () => {
    const { hasher } = counted()
    const hash = await hasher.hash('caf\u00e9 au lait')
    expect(await hasher.matches('cafe\u0301 au lait', hash)).toBe(true)
  })

  it('does as much work for an account that is not there', async () => {
    const { hasher, done } = counted()
    const hash = await hasher.hash('correct horse')
    done.length = 0
    expect(await hasher.matches('wrong', hash)).toBe(false)
    expect(await hasher.matches('wrong', null)).toBe(false)
    expect(done).toHaveLength(2)
    const [known, unknown] = done.map(({ message, nonce, ...cost }) => cost)
    expect(unknown).toEqual(known)
  })

  it.each(['', 'plain', '$2b$10$x', '$argon2i$v=19$m=64,t=1,p=1$c29tZXNhbHQ$AAAA'])(
    'matches nothing against %j, which is no hash of ours',
    async (stored) => {
      const { hasher } = counted()
      expect(await hasher.matches('', stored)).toBe(false)
      expect(hasher.isCurrent(stored)).toBe(false)
    },
  )

  it('tells a hash of other parameters from one of today', async () => {
    const hash = await counted().hasher.hash('correct horse')
    expect(new PasswordHasher({ parameters: WEAK }).isCurrent(hash)).toBe(true)
    expect(new PasswordHasher().isCurrent(hash)).toBe(false)
    expect(await new PasswordHasher().matches('correct horse', hash)).toBe(true)
  })

  it('runs two at once, lets a bounded number wait, and refuses the rest', async () => {
    let running = 0
    let most = 0
    const derive = async (parameters: Argon2Parameters) => {
      running += 1
      most = Math.max(most, running)
      await setImmediate()
      running -= 1
      return Buffer.alloc(parameters.tagLength)
    }
    const hasher = new PasswordHasher({ derive, parameters: WEAK })
    const asked = Array.from({ length: 100 }, () => hasher.hash('x'))
    const settled = await Promise.allSettled(asked)
    const refused = settled.filter(({ status }) => status === 'rejected')
    expect(refused).toHaveLength(100 - 2 - 64)
    expect(refused[0]).toMatchObject({ reason: expect.any(PasswordsBusyError) })
    expect(most).toBe(2)
    await expect(hasher.hash('x')).resolves.toBeDefined()
  })
})
