/** `crypto::` against the vectors of its standards, and against those who want too much of it. */
import { createHmac, generateKeyPairSync, verify } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { moduleRuns } from './module-runs.contract.ts'

const { text, value, caught, limit, operations } = moduleRuns()

describe('crypto', () => {
  it.each([
    ['sha224("abc")', '23097d223405d8228642a477bda255b32aadbce4bda0b3f7e36c9da7'],
    ['sha256("")', 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'],
    ['sha256(blob(3, 97))', '9834876dcfb05cb167a5c24953eba58c4ac89b1adf57f28f2f9d09af107ee8f0'],
    [
      'sha512("ä")',
      '64868c5784a6004e675bcf405f549369bf607cd3269c0cac1711e21ba9f40a5abbf0c7535856e7cf77ea55a072dd04aa89eea361e95f497aa965309b50587157',
    ],
    // RFC 4231, test case 2
    [
      'hmac_sha256("Jefe", "what do ya want for nothing?")',
      '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
    ],
  ])('%s', async (call, hex) => {
    expect(await text(`hex::encode(crypto::${call})`)).toBe(hex)
  })

  it('makes the hmac of every digest, of texts and blobs alike', async () => {
    for (const name of ['sha224', 'sha256', 'sha384', 'sha512']) {
      const expected = createHmac(name, 'kä').update('data').digest('hex')
      const source = `hex::encode(crypto::hmac_${name}("kä", "data".to_blob()))`
      expect(await text(source)).toBe(expected)
    }
  })

  it.each([
    ['"a", "a"', true],
    ['"a", "b"', false],
    ['"a", "aa"', false],
    ['"", ""', true],
    ['"A".to_blob(), "A"', true],
  ])('compares %s', async (pair, equal) => {
    expect(await value(`crypto::equal(${pair})`)).toBe(equal)
  })

  it('gives as many random bytes as asked for, never the same', async () => {
    const source = 'let a = crypto::random_bytes(32); [a.len(), a == crypto::random_bytes(32)]'
    expect(await value(source)).toEqual([32, false])
    expect(await caught('crypto::random_bytes(-1)')).toMatch(/^PIC_RANDOM_INVALID: /)
  })

  it('hashes passwords so that only the right one fits', async () => {
    const source = `
      let h = crypto::hash_password("tr0ub4dor");
      [h, crypto::verify_password("tr0ub4dor", h), crypto::verify_password("x", h),
       h == crypto::hash_password("tr0ub4dor")]`
    const [hash, ...outcomes] = (await value(source)) as unknown[]
    expect(hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)
    expect(outcomes).toEqual([true, false, false])
  })

  it.each([
    ['crypto::verify_password("x", "plain")', 'PIC_PASSWORD_HASH_INVALID'],
    // A gigabyte, a thousand passes: whoever can store a hash must not be able to ask for that.
    [`crypto::verify_password("x", "${phc('m=1048576,t=1,p=1')}")`, 'PIC_PASSWORD_HASH_INVALID'],
    [`crypto::verify_password("x", "${phc('m=1024,t=999,p=1')}")`, 'PIC_PASSWORD_HASH_INVALID'],
    [`crypto::verify_password("x", "${phc('m=1024,t=0,p=1')}")`, 'PIC_PASSWORD_HASH_INVALID'],
    ['crypto::hash_password(random::text(5000))', 'PIC_PASSWORD_TOO_LONG'],
  ])('refuses %s', async (expression, code) => {
    expect(await caught(expression)).toMatch(new RegExp(`^${code}: `))
  })

  it('signs what others verify, and verifies what others signed', async () => {
    const source = `
      let pair = crypto::ed25519_key_pair();
      let signature = crypto::ed25519_sign(pair.private_key, "message");
      let ok = crypto::ed25519_verify(pair.public_key, "message", signature);
      let other = crypto::ed25519_verify(pair.public_key, "massage", signature);
      let short = crypto::ed25519_verify(pair.public_key, "message", blob(3));
      [pair.public_key, hex::encode(signature), ok, other, short]`
    const [publicKey, signature, ...outcomes] = (await value(source)) as [
      string,
      string,
      ...boolean[],
    ]
    expect(outcomes).toEqual([true, false, false])
    const bytes = Buffer.from(signature, 'hex')
    expect(verify(null, Buffer.from('message'), publicKey, bytes)).toBe(true)
  })

  it('signs with raw keys (RFC 8032, section 7.1, test 2)', async () => {
    const source = `
      let secret = hex::decode("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb");
      let key = hex::decode("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c");
      let s = crypto::ed25519_sign(secret, blob(1, 0x72));
      [hex::encode(s), crypto::ed25519_verify(key, "r", s)]`
    expect(await value(source)).toEqual([
      '92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00',
      true,
    ])
  })

  it.each([
    'crypto::ed25519_sign("no key", "m")',
    'crypto::ed25519_sign(blob(31), "m")',
    'crypto::ed25519_verify("-----BEGIN PUBLIC KEY-----", "m", blob(64))',
    `crypto::ed25519_sign(${JSON.stringify(rsaKey())}, "m")`,
    'crypto::ed25519_sign(crypto::ed25519_key_pair().public_key, "m")',
  ])('refuses a key that is none: %.60s', async (expression) => {
    expect(await caught(expression)).toMatch(/^PIC_KEY_INVALID: /)
  })

  it.each([
    ['crypto::hash_password("x")', 10],
    ['crypto::ed25519_key_pair()', 3_000],
    ['crypto::sha512(blob(1000000))', 1_000],
    ['crypto::equal("a", "b")', 30_000],
    ['crypto::random_bytes(1000000)', 1_000],
  ])('charges for %s, so that a loop ends early', async (expression, timesMost) => {
    const source = `let n = 0; loop { ${expression}; n += 1; }`
    const message = await limit(source, { operationsMax: 10_000_000, cpuMsMax: 60_000 })
    expect(message).toContain('operations')
    expect(await operations(expression)).toBeGreaterThan(10_000_000 / timesMost / 2)
  })
})

function phc(parameters: string): string {
  return `$argon2id$v=19$${parameters}$${'A'.repeat(22)}$${'A'.repeat(43)}`
}

/** Of another kind, in the right form. */
function rsaKey(): string {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 1024 })
  return String(privateKey.export({ type: 'pkcs8', format: 'pem' }))
}
