/** `jwt::` against those who forge tokens, and against scripts that want too much of it. */
import { createHmac, generateKeyPairSync } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { moduleRuns } from '../module-runs.contract.ts'

const { run, text, caught, limit } = moduleRuns()

const SECRET = 'a secret of more than thirty-two bytes'
/** Far above what one call takes that is charged for its work. */
const CALLS_MAX = 2_000
const OPERATIONS = 20_000_000

describe('jwt, of those who forge', () => {
  it('takes no public key for a secret, as a blob neither', async () => {
    const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
    const pem = String(publicKey.export({ type: 'spki', format: 'pem' }))
    const token = signedWith(pem, '{}')
    const call = `jwt::verify("${token}", ${JSON.stringify(pem)}.to_blob(), ["RS256", "HS256"])`
    expect(await caught(call)).toMatch(/^PIC_KEY_INVALID: /)
  })

  it('believes no age of a token that was issued in the future', async () => {
    const token = signedWith(SECRET, '{"iat":9000000000}')
    const call = `jwt::verify("${token}", "${SECRET}", "HS256", #{ max_age: 10 })`
    expect(await caught(call)).toMatch(/^PIC_JWT_EARLY: /)
  })

  it('reads claims with nothing lost, whatever their names', async () => {
    const claims =
      '{"__proto__":{"admin":true},"constructor":1.0,"a":9007199254740993,"b":null,"c":-9223372036854775808,"d":1e2,"e":[[]]}'
    const source = `jwt::verify("${signedWith(SECRET, claims)}", "${SECRET}", "HS256")`
    expect(await text(source)).toBe(
      '{"__proto__":{"admin":true},"a":9007199254740993,"b":null,"c":-9223372036854775808,"constructor":1.0,"d":100.0,"e":[[]]}',
    )
    const admin = `let c = ${source}; [c.admin, c.toString, "admin" in c].to_string()`
    expect(await text(admin)).toBe('[(), (), false]')
  })

  it('reads no claims that nest without end', async () => {
    const token = signedWith(SECRET, `{"a":${'['.repeat(20_000)}${']'.repeat(20_000)}}`)
    expect(await caught(`jwt::verify("${token}", "${SECRET}", "HS256")`)).toMatch(
      /^PIC_JWT_MALFORMED: /,
    )
  })

  it('holds claims to the limits of the script', async () => {
    const token = signedWith(SECRET, JSON.stringify({ list: Array(2000).fill(0) }))
    const call = `jwt::verify("${token}", "${SECRET}", "HS256")`
    expect(await limit(call, { arrayItemsMax: 1000 })).toContain('array')
  })
})

describe('jwt, with nonsense for a key', () => {
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({
    format: 'jwk',
  })
  const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'jwk' })
  const of = (bytes: number, byte: number) => Buffer.alloc(bytes, byte).toString('base64url')

  it.each([
    ['RS256', { ...rsa, n: of(256, 0xaa) }],
    ['PS256', { ...rsa, n: of(256, 0xaa) }],
    ['RS256', { ...rsa, p: of(1, 0) }],
    ['RS256', { ...rsa, e: of(255, 0xab) }],
    ['ES256', { ...ec, d: of(256, 0xaa) }],
    ['ES256', { ...rsa }],
    ['EdDSA', { ...ec }],
  ])('an error of OpenSSL is one of the script: %s', async (algorithm, jwk) => {
    expect(await caught(`jwt::sign(#{}, #${JSON.stringify(jwk)}, "${algorithm}")`)).toMatch(
      /^PIC_KEY_INVALID: /,
    )
  })

  /** OpenSSL computes the public part of such a key while it reads it, whatever the label says. */
  it.each([
    ['jwt::sign(#{}, request.body, "ES256")', 'PRIVATE KEY'],
    ['jwt::sign(#{}, request.body, "ES256")', 'EC PRIVATE KEY'],
    ['jwt::sign(#{}, request.body, "RS256")', 'RSA PRIVATE KEY'],
    ['jwt::sign(#{}, request.body, "EdDSA")', 'ENCRYPTED PRIVATE KEY'],
    ['crypto::ed25519_sign(request.body, "")', 'PRIVATE KEY'],
  ])('no key of another kind is computed with: %s, %s', async (call, label) => {
    // As long as the function takes, and no longer.
    const key = dsaKey(label, call.startsWith('jwt') ? 2400 : 1400)
    const startedAt = performance.now()
    expect(await caught(call, key)).toMatch(/^PIC_KEY_INVALID: /)
    expect(performance.now() - startedAt).toBeLessThan(1000)
  })
})

describe('jwt, of those who sign', () => {
  it.each([
    ['x: || 1'],
    ['x: timestamp()'],
    ['x: blob(3)'],
    ['x: 0.0 / 0.0'],
    ['x: [#{ y: 1.0 / 0.0 }]'],
    ['exp: "tomorrow"'],
  ])('puts nothing into a token that it would not read again: %s', async (claim) => {
    const call = `jwt::sign(#{ ${claim} }, "${SECRET}", "HS256")`
    expect(await caught(call)).toMatch(/^PIC_JWT_CLAIM: /)
  })

  it('makes no token that is too long to be verified', async () => {
    const call = `let t = ""; t.pad(60000, 'x'); jwt::sign(#{ t: t }, "${SECRET}", "HS256")`
    expect(await caught(call)).toMatch(/^PIC_JWT_MALFORMED: /)
  })

  it('lets a script catch that claims nest too deep', async () => {
    const call = `let a = []; for i in 0..300 { a = [a]; } jwt::sign(#{ a: a }, "${SECRET}", "HS256")`
    expect(await caught(call)).toMatch(/^PIC_JWT_CLAIM: /)
  })
})

describe('jwt, of those who want too much', () => {
  const nested = signedWith(SECRET, `{"a":[${'[],'.repeat(15_000)}[]]}`)
  it.each([
    ['many small claims', '()', `jwt::verify("${nested}", "${SECRET}", "HS256")`],
    ['unverified ones', '()', `jwt::read_unverified("${nested}")`],
    [
      'a map of many claims',
      'let m = #{}; for i in 0..1000 { m["k" + i] = i; }',
      `jwt::sign(#{ m: m }, "${SECRET}", "HS256")`,
    ],
    [
      'claims that are shared',
      'let a = []; a.pad(2000, ["x"]);',
      `jwt::sign(#{ a: a, b: a }, "${SECRET}", "HS256")`,
    ],
  ])('ends a loop over %s', async (_what, prepare, call) => {
    const source = `${prepare}; let n = 0; loop { try { ${call}; } catch { } n += 1; if n > ${CALLS_MAX} { break } }`
    const outcome = await run(source, {
      operationsMax: OPERATIONS,
      cpuMsMax: 60_000,
      stringBytesMax: 1_000_000,
    })
    expect(outcome.kind === 'failure' ? outcome.failure.limit?.name : 'none').toBe('operationsMax')
  })

  // Refused at once, before anything is done that would have to be charged.
  it.each([
    [
      'claims',
      'let m = #{}; for i in 0..20000 { m["k" + i] = i; }',
      'sign(m, s, "HS256")',
      'CLAIM',
    ],
    ['algorithms', 'let a = []; a.pad(20000, "HS256");', 'verify("a.b.c", s, a)', 'ALGORITHM'],
    ['letters', 'let n = ""; n.pad(90000, \'x\');', 'sign(#{}, s, n)', 'ALGORITHM'],
  ])('walks over no more %s than there can be', async (_what, prepare, call, code) => {
    const source = `let s = "${SECRET}"; ${prepare}; jwt::${call}`
    const message = await caught(source)
    expect(message).toMatch(new RegExp(`^PIC_JWT_${code}: `))
    expect(message.length).toBeLessThan(300)
  })

  it('takes no key of more members than a key has', async () => {
    const { privateKey } = generateKeyPairSync('ed25519')
    const key = JSON.stringify(privateKey.export({ format: 'jwk' })).replace('{', '#{')
    const prepare = `let k = ${key}; for i in 0..100 { k["x" + i] = i; }`
    expect(await caught(`${prepare}; jwt::sign(#{}, k, "EdDSA")`)).toMatch(/^PIC_KEY_INVALID: /)
  })
})

/** A token of somebody who has the secret, or something that is to be taken for one. */
function signedWith(secret: string, claims: string): string {
  const encoded = (part: string) => Buffer.from(part).toString('base64url')
  const head = `${encoded('{"alg":"HS256"}')}.${encoded(claims)}`
  return `${head}.${createHmac('sha256', secret).update(head).digest('base64url')}`
}

/** A DSA key in PKCS #8, whose numbers have so many bytes. */
function dsaKey(label: string, bytes: number): string {
  const number = int(Buffer.alloc(bytes, 0x35))
  const algorithm = Buffer.from('06072a8648ce380401', 'hex')
  const parameters = element(0x30, number, int(Buffer.alloc(32, 0x35)), int(Buffer.from([2])))
  const named = element(0x30, algorithm, parameters)
  const key = element(0x30, int(Buffer.from([0])), named, element(0x04, number))
  return `-----BEGIN ${label}-----\n${key.toString('base64')}\n-----END ${label}-----\n`
}

function int(bytes: Buffer): Buffer {
  return element(0x02, bytes)
}

/** Of ASN.1, in DER. */
function element(tag: number, ...parts: readonly Buffer[]): Buffer {
  const content = Buffer.concat(parts)
  const head = Buffer.from([tag, 0x82, content.length >> 8, content.length & 0xff])
  return Buffer.concat([head, content])
}
