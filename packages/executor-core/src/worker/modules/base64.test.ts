/** `base64::` and `hex::` against RFC 4648, and against texts that only look like it. */
import { describe, expect, it } from 'vitest'
import { moduleRuns } from './module-runs.contract.ts'

const { text, value, caught, limit } = moduleRuns()

describe('base64 and hex', () => {
  // Section 10.
  it.each([
    ['', '', ''],
    ['f', 'Zg==', '66'],
    ['fo', 'Zm8=', '666f'],
    ['foo', 'Zm9v', '666f6f'],
    ['foob', 'Zm9vYg==', '666f6f62'],
    ['fooba', 'Zm9vYmE=', '666f6f6261'],
    ['foobar', 'Zm9vYmFy', '666f6f626172'],
  ])('writes and reads %j', async (data, base64, hex) => {
    const source = `[base64::encode("${data}"), base64::decode_text("${base64}"),
      base64::decode_text("${base64.replaceAll('=', '')}"), base64::encode("${data}".to_blob()),
      hex::encode("${data}"), hex::decode_text("${hex.toUpperCase()}")]`
    expect(await value(source)).toEqual([base64, data, data, base64, hex, data])
  })

  it('writes for URLs', async () => {
    const source =
      'base64::encode_url(hex::decode("fbeffe")) + base64::encode(hex::decode("fbeffe"))'
    expect(await text(source)).toBe('--_-++/+')
  })

  it.each([
    'Z',
    'Zg=',
    'Zg===',
    'Zh==',
    'Zm9=',
    'Zg==Zg==',
    '=',
    '+-+-',
    'Zm 9v',
    'Zm9v\\n',
    'Zm9ü',
    'Zm9v\\u0000',
  ])('refuses %j as base64', async (data) => {
    expect(await caught(`base64::decode("${data}")`)).toMatch(/^PIC_BASE64_INVALID: /)
  })

  it.each(['6', '6g', '66 6f', '0x66', '66\\n', '６６'])('refuses %j as hex', async (data) => {
    expect(await caught(`hex::decode("${data}")`)).toMatch(/^PIC_HEX_INVALID: /)
  })

  it.each([
    'base64::decode_text("/w==")',
    'hex::decode_text("c0af")',
    'hex::decode_text("eda080")',
  ])('takes no bytes for a text that are none: %s', async (call) => {
    expect(await caught(call)).toMatch(/^PIC_TEXT_INVALID: /)
  })

  it('writes no text longer than a string may be', async () => {
    for (const call of ['base64::encode(blob(900))', 'hex::encode(blob(900))']) {
      expect(await limit(call, { stringBytesMax: 1000 })).toContain('string')
    }
  })
})
