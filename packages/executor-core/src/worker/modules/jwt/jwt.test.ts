/** `jwt::` against the examples of RFC 7515, against itself, and against forgers. */
import { createHmac, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { moduleRuns } from '../module-runs.contract.ts'

const { text, value, caught, limit } = moduleRuns()

const SECRET = 'a secret of more than thirty-two bytes, and of sixty-four as well, at last'

/** As a literal of the language. */
const literal = (data: unknown) => JSON.stringify(data).replaceAll('{', '#{')

describe('jwt', () => {
  // Both expired long ago, which is found after the signature was.
  it.each([
    [
      'A.1',
      'eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk',
      'base64::decode("AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow"), "HS256"',
    ],
    [
      'A.3',
      'eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q',
      '#{ kty: "EC", crv: "P-256", x: "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU", y: "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0" }, "ES256"',
    ],
  ])('finds the signature of RFC 7515, %s', async (_name, token, rest) => {
    expect(await caught(`jwt::verify("${token}", ${rest})`)).toMatch(/^PIC_JWT_EXPIRED: /)
    const forged = `${token.slice(0, -10)}${token.at(-10) === 'A' ? 'B' : 'A'}${token.slice(-9)}`
    expect(await caught(`jwt::verify("${forged}", ${rest})`)).toMatch(/^PIC_JWT_SIGNATURE: /)
  })

  const rsa = pemsOf(generateKeyPairSync('rsa', { modulusLength: 2048 }))
  const p256 = pemsOf(generateKeyPairSync('ec', { namedCurve: 'P-256' }))
  const p384 = pemsOf(generateKeyPairSync('ec', { namedCurve: 'P-384' }))
  const p521 = pemsOf(generateKeyPairSync('ec', { namedCurve: 'P-521' }))
  const edwards = pemsOf(generateKeyPairSync('ed25519'))
  const secret = { sign: SECRET, verify: SECRET, jwk: null }

  it.each([
    ['HS256', secret],
    ['HS384', secret],
    ['HS512', secret],
    ['RS256', rsa],
    ['RS384', rsa],
    ['RS512', rsa],
    ['PS256', rsa],
    ['PS384', rsa],
    ['PS512', rsa],
    ['ES256', p256],
    ['ES384', p384],
    ['ES512', p521],
    ['EdDSA', edwards],
  ])('signs and verifies with %s', async (name, keys) => {
    const claims = '#{ sub: "ann", n: 9223372036854775807, x: 1.5, aud: ["a", "b"] }'
    const source = `
      let token = jwt::sign(${claims}, ${literal(keys.sign)}, "${name}", #{ expires_in: 60, key_id: "k" });
      let claims = jwt::verify(token, ${literal(keys.verify)}, ["EdDSA", "${name}"],
        #{ audience: "b", subject: "ann", max_age: 10 });
      let again = ${keys.jwk === null ? 'claims' : `jwt::verify(token, ${literal(keys.jwk)}, "${name}")`};
      [claims.n, claims.x, claims.exp - claims.iat, again == claims, jwt::read_unverified(token).header]`
    expect(await text(source)).toBe(
      `[9223372036854775807,1.5,60,true,{"alg":"${name}","kid":"k","typ":"JWT"}]`,
    )
  })

  it.each([
    ['of no algorithm', `${encoded({ alg: 'none' })}.${encoded({})}.`, 'PIC_JWT_ALGORITHM'],
    ['of None', `${encoded({ alg: 'None' })}.${encoded({})}.`, 'PIC_JWT_ALGORITHM'],
    ['without one', `${encoded({})}.${encoded({})}.`, 'PIC_JWT_ALGORITHM'],
    ['with another one', hs({ alg: 'HS384' }, {}), 'PIC_JWT_ALGORITHM'],
    ['with extensions', hs({ alg: 'HS256', crit: ['b64'], b64: false }, {}), 'PIC_JWT_MALFORMED'],
    ['with claims that are a list', hs({ alg: 'HS256' }, []), 'PIC_JWT_MALFORMED'],
    [
      'with a wrong signature',
      `${hs({ alg: 'HS256' }, {}).slice(0, -43)}${'A'.repeat(43)}`,
      'PIC_JWT_SIGNATURE',
    ],
    ['without a signature', hs({ alg: 'HS256' }, {}).replace(/[^.]*$/, ''), 'PIC_JWT_SIGNATURE'],
    ['with an expiry that is no time', hs({ alg: 'HS256' }, { exp: 'never' }), 'PIC_JWT_CLAIM'],
    ['that has expired', hs({ alg: 'HS256' }, { exp: 1 }), 'PIC_JWT_EXPIRED'],
    ['that has expired by a fraction', hs({ alg: 'HS256' }, { exp: 1.5 }), 'PIC_JWT_EXPIRED'],
    ['that begins later', hs({ alg: 'HS256' }, { nbf: 9e9 }), 'PIC_JWT_EARLY'],
    ['of four parts', 'a.b.c.d', 'PIC_JWT_MALFORMED'],
    ['that is none', '', 'PIC_JWT_MALFORMED'],
    ['of no JSON', 'YQ.YQ.YQ', 'PIC_JWT_MALFORMED'],
    ['with padding', `${hs({ alg: 'HS256' }, {})}=`, 'PIC_JWT_MALFORMED'],
  ])('refuses a token %s', async (_what, token, code) => {
    const call = `jwt::verify(${literal(token)}, ${literal(SECRET)}, "HS256")`
    expect(await caught(call)).toMatch(new RegExp(`^${code}: `))
  })

  it('never takes a public key for a secret', async () => {
    const head = `${encoded({ alg: 'HS256' })}.${encoded({ sub: 'root' })}`
    const mac = createHmac('sha256', rsa.verify).update(head).digest('base64url')
    const call = `jwt::verify("${head}.${mac}", ${literal(rsa.verify)}, ["RS256", "HS256"])`
    expect(await caught(call)).toMatch(/^PIC_KEY_INVALID: /)
  })

  it.each([
    ['"short", "HS256"'],
    [`${literal(rsa.verify)}, "RS256"`],
    [`${literal(p256.sign)}, "RS256"`],
    [`${literal(p256.sign)}, "ES384"`],
    [`${literal(rsa.sign)}, "EdDSA"`],
    [`#{ kty: "oct", k: "AAAA" }, "HS256"`],
    [`#{}, "RS256"`],
    [`#{ "__proto__": "x" }, "EdDSA"`],
  ])('signs with no key that does not fit: %.50s', async (rest) => {
    expect(await caught(`jwt::sign(#{}, ${rest})`)).toMatch(/^PIC_KEY_INVALID: /)
  })

  it.each([
    [`jwt::sign(#{}, "${SECRET}", "none")`, 'PIC_JWT_ALGORITHM'],
    [`jwt::verify("a.b.c", "${SECRET}", "none")`, 'PIC_JWT_ALGORITHM'],
    [`jwt::verify("a.b.c", "${SECRET}", [1])`, 'PIC_JWT_ALGORITHM'],
    [`jwt::verify("a.b.c", "${SECRET}", "HS256", #{ audiences: "x" })`, 'PIC_OPTION_INVALID'],
    [`jwt::sign(#{}, "${SECRET}", "HS256", #{ expires: 1 })`, 'PIC_OPTION_INVALID'],
  ])('refuses %s', async (expression, code) => {
    expect(await caught(expression)).toMatch(new RegExp(`^${code}: `))
  })

  it.each([
    ['audience: "c"', 'PIC_JWT_CLAIM'],
    ['issuer: "me"', 'PIC_JWT_CLAIM'],
    ['subject: "bob"', 'PIC_JWT_CLAIM'],
    ['max_age: 10', 'PIC_JWT_EXPIRED'],
  ])('compares with what is expected: %s', async (option, code) => {
    const token = hs({ alg: 'HS256' }, { aud: 'a', sub: 'ann', iat: 1000 })
    const call = `jwt::verify("${token}", "${SECRET}", "HS256", #{ ${option} })`
    expect(await caught(call)).toMatch(new RegExp(`^${code}: `))
  })

  it('allows for clocks that differ', async () => {
    const exp = Math.floor(Date.now() / 1000) - 30
    const token = hs({ alg: 'HS256' }, { exp, nbf: exp + 60 })
    const call = `jwt::verify("${token}", "${SECRET}", "HS256", #{ leeway: 120 })`
    expect(await value(call)).toEqual({ exp, nbf: exp + 60 })
  })

  it('charges for RSA, so that a loop ends early', async () => {
    const source = `loop { jwt::sign(#{}, ${literal(rsa.sign)}, "RS256"); }`
    expect(await limit(source, { operationsMax: 5_000_000 })).toContain('operations')
  })
})

function pemsOf({ publicKey, privateKey }: { publicKey: KeyObject; privateKey: KeyObject }) {
  return {
    sign: String(privateKey.export({ type: 'pkcs8', format: 'pem' })),
    verify: String(publicKey.export({ type: 'spki', format: 'pem' })),
    jwk: publicKey.export({ format: 'jwk' }) as object | null,
  }
}

function encoded(data: unknown): string {
  return Buffer.from(JSON.stringify(data)).toString('base64url')
}

/** A token signed by somebody else's program. */
function hs(header: object, claims: unknown): string {
  const head = `${encoded(header)}.${encoded(claims)}`
  return `${head}.${createHmac('sha256', SECRET).update(head).digest('base64url')}`
}
