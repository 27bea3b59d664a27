import { describe, expect, it } from 'vitest'
import { maskedOutcome } from './masked-outcome.ts'
import { SecretMask } from './secret-mask.ts'

function maskOf(secrets: Readonly<Record<string, string>>): SecretMask {
  const mask = new SecretMask()
  for (const [name, value] of Object.entries(secrets)) mask.add(name, value)
  return mask
}

const VALUE = 'p&ss/w?rd+"é\n\t<ü>\'=='
const mask = maskOf({ KEY: VALUE })

function base64(text: string): string {
  return Buffer.from(text).toString('base64')
}

describe('a mask', () => {
  it.each([
    ['as it is', VALUE],
    ['in JSON', JSON.stringify({ a: [VALUE] })],
    ['in JSON in JSON', JSON.stringify(JSON.stringify([VALUE]))],
    ['in JSON of ASCII', '"p&ss/w?rd+\\"\\u00e9\\n\\t<\\u00fc>\'=="'],
    ['in JSON with escaped slashes', JSON.stringify(VALUE).replaceAll('/', '\\/')],
    ['in base64', base64(VALUE)],
    ['in base64, one byte on', base64(`x${VALUE}`)],
    ['in base64, two bytes on', base64(`xx${VALUE}`)],
    ['in a basic authorization', base64(`user:${VALUE}:more`)],
    ['in base64url', Buffer.from(VALUE).toString('base64url')],
    ['in base64url within', Buffer.from(`a:${VALUE}`).toString('base64url')],
    ['in hex', Buffer.from(VALUE).toString('hex')],
    ['in upper case hex', Buffer.from(VALUE).toString('hex').toUpperCase()],
    ['as a component of a URL', `https://x.test/?q=${encodeURIComponent(VALUE)}`],
    ['in a form', new URLSearchParams({ q: VALUE }).toString()],
    ['in a URL', encodeURI(VALUE)],
    ['in lower case percents', encodeURIComponent(VALUE).toLowerCase()],
    ['in HTML', 'p&amp;ss/w?rd+&quot;é\n\t&lt;ü&gt;&#39;=='],
  ])('knows a secret %s', (_how, text) => {
    const masked = mask.text(`before ${text} after`)
    expect(masked).toContain('[secret KEY]')
    expect(masked).toMatch(/^before .*after$/s)
    // What may be left of base64 is a digit at an end, which holds bits of its neighbours.
    const rest = masked.replaceAll('[secret KEY]', '').replace(/^before|after$/g, '')
    expect(rest).not.toMatch(/rd\+|cmQr|cmQr|72642b|rd%2/i)
  })

  it('knows a secret without the white space around it', () => {
    expect(maskOf({ PEM: 'line one\nline two\n' }).text('<line one\nline two>')).toBe(
      '<[secret PEM]>',
    )
  })

  it('leaves no rest of secrets that overlap or hold one another', () => {
    const both = maskOf({ A: 'abcdef', B: 'defghi', C: 'cde' + 'f' })
    expect(both.text('-abcdefghi-')).toBe('-[secret A]-')
    expect(both.text('-defghi-cdef-')).toBe('-[secret B]-[secret C]-')
  })

  it('masks data: members, their names, and numbers', () => {
    const pin = maskOf({ PIN: '12345678' })
    expect(pin.data({ a: [12345678, 7, null, true], 'pin 12345678': { b: '12345678' } })).toEqual({
      a: ['[secret PIN]', 7, null, true],
      'pin [secret PIN]': { b: '[secret PIN]' },
    })
  })

  it('masks what is told of an error and of its causes', () => {
    const error = new Error('no abcdef', { cause: new Error('abcdef refused') })
    const shown = maskOf({ KEY: 'abcdef' }).error(error) as Error
    expect(`${shown.message} ${shown.stack} ${shown.cause}`).not.toContain('abcdef')
    expect(shown.message).toBe('no [secret KEY]')
  })

  it('changes nothing while no secret was given', () => {
    const empty = maskOf({})
    const outcome = { logs: [{ at: 1, level: 'info' as const, message: VALUE }] }
    expect(empty.text(VALUE)).toBe(VALUE)
    expect(maskedOutcome(outcome, empty)).toBe(outcome)
  })

  it.each(['..', '…', '...'])(
    'masks the beginning of a secret before %s, wherever that is',
    (cut) => {
      const key = maskOf({ KEY: 'abcdef-😀-xyz' })
      const half = '\ufffd'
      expect(key.cutText(`no "xx abcde${cut}" there`)).toBe(`no "xx [secret KEY]${cut}" there`)
      expect(key.cutText(`no "abcdef-${half}${cut}" there`)).toContain(`"[secret KEY]`)
      expect(key.cutText(`no "abc${cut}", abcde, abcdx${cut}`)).toBe(
        `no "abc${cut}", abcde, abcdx${cut}`,
      )
      expect(key.cutText(`${'x'.repeat(99)}abcde${cut}`)).toContain(`x[secret KEY]${cut}`)
    },
  )

  it('still knows the value a secret had before', () => {
    const changed = maskOf({})
    changed.add('KEY', 'first value')
    changed.add('KEY', 'second value')
    expect(changed.text('first value, second value')).toBe('[secret KEY], [secret KEY]')
  })
})
