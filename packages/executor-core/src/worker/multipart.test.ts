import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseMultipart } from './multipart.ts'

const TYPE = 'multipart/form-data; boundary=B'

describe('a multipart form', () => {
  it('as the platform writes it is read back, whatever is in it', async () => {
    const text = fc.string({ unit: 'grapheme', maxLength: 20 }).map((one) => one.toWellFormed())
    const file = fc.record({
      filename: text.filter((name) => name !== ''),
      data: fc.uint8Array({ maxLength: 200 }),
    })
    const field = fc.record({ name: text, value: fc.oneof(text, file) })
    await fc.assert(
      fc.asyncProperty(fc.array(field, { maxLength: 8 }), async (fields) => {
        const form = new FormData()
        for (const { name, value } of fields) {
          if (typeof value === 'string') form.append(name, value)
          else form.append(name, new Blob([Buffer.from(value.data)]), value.filename)
        }
        const written = new Response(form)
        const type = written.headers.get('content-type') ?? ''
        const parts = parseMultipart(type, new Uint8Array(await written.arrayBuffer()))
        const read = parts.map(({ name, filename, content }) => ({
          name,
          value:
            filename === null
              ? new TextDecoder('utf-8', { ignoreBOM: true }).decode(content)
              : { filename, data: Uint8Array.from(content) },
        }))
        const lineEnds = (one: string) => one.replace(/\r\n|\r|\n/g, '\r\n')
        expect(read).toEqual(
          fields.map(({ name, value }) => ({
            name: lineEnds(name),
            value: typeof value === 'string' ? lineEnds(value) : value,
          })),
        )
      }),
      { numRuns: 200 },
    )
  })

  it.each([
    ['an empty form', '--B--\r\n', []],
    ['an empty part', part('form-data; name=a', ''), [['a', null, '']]],
    [
      'a part with no line for its content',
      '--B\r\nContent-Disposition: form-data; name=a\r\n\r\n--B--',
      [['a', null, '']],
    ],
    [
      'padding after boundaries',
      `--B \t\r\nContent-Disposition: form-data; name=a\r\n\r\nx\r\n--B--  \r\n`,
      [['a', null, 'x']],
    ],
    [
      'what looks like a boundary',
      part('form-data; name=a', 'x--B\r\n-B'),
      [['a', null, 'x--B\r\n-B']],
    ],
    ['names by per cent', part('form-data; name="a%22%0D%0a%41"', 'x'), [['a"\r\n%41', null, 'x']]],
    ['a backslash, which is one', part('form-data; name="a\\b\\"', 'x'), [['a\\b\\', null, 'x']]],
    ['a name of a prototype', part('form-data; name="__proto__"', 'x'), [['__proto__', null, 'x']]],
    ['a file without a name', part('form-data; name="f"; filename=""', 'x'), [['f', '', 'x']]],
    [
      'a path',
      part('form-data; name="f"; filename="C:\\dir\\x/../y"', ''),
      [['f', 'C:\\dir\\x/../y', '']],
    ],
    [
      'another spelling',
      part('Form-Data;NAME=a ;x="y"', 'x', 'CONTENT-disposition'),
      [['a', null, 'x']],
    ],
  ])('may hold %s', (_, body, expected) => {
    const read = parseMultipart(TYPE, Buffer.from(body)).map(({ name, filename, content }) => [
      name,
      filename,
      String(Buffer.from(content)),
    ])
    expect(read).toEqual(expected)
  })

  it.each([
    ['multipart/form-data; boundary="B"', 'x'],
    ['multipart/form-data; charset=utf-8; Boundary=B', 'x'],
    ['multipart/form-data;boundary=B;x=y', 'x'],
  ])('has its boundary in %s', (type, content) => {
    expect(parseMultipart(type, Buffer.from(part('form-data; name=a', content)))).toHaveLength(1)
  })

  it.each([
    ['multipart/form-data', 'x', /names no boundary/],
    [`multipart/form-data; boundary=${'b'.repeat(71)}`, 'x', /names no boundary/],
    [TYPE, '', /does not begin/],
    [TYPE, 'preamble\r\n--B--', /does not begin/],
    [TYPE, '--B', /followed by something else/],
    [TYPE, '--Bx\r\n', /followed by something else/],
    [TYPE, '--B\nContent-Disposition: form-data; name=a\n\nx\n--B--', /followed by something else/],
    [TYPE, '--B\r\n', /last boundary is missing/],
    [TYPE, '--B\r\nContent-Disposition: form-data; name=a\r\n\r\nx', /last boundary is missing/],
    [TYPE, '--B\r\nContent-Disposition: form-data; name=a\r\n--B--', /do not end/],
    [TYPE, '--B--\r\nContent-Disposition', /something follows/],
    [TYPE, part('form-data; name=a', 'x\r\n--Bc'), /followed by something else/],
    [TYPE, part('form-data', 'x'), /has no name/],
    [TYPE, part('attachment; name=a', 'x'), /not form-data/],
    [TYPE, part('form-data; name=a; name=b', 'x'), /two of the parameter name/],
    [TYPE, part('form-data; name="a', 'x'), /quotes do not end/],
    [TYPE, part('form-data; name="a\\"b"', 'x'), /is malformed/],
    [TYPE, part('form-data; name=', 'x'), /without a value/],
    [TYPE, part('form-data; name="a" b', 'x'), /is malformed/],
    [TYPE, part('form-data; name=a', 'x', 'X'), /no Content-Disposition/],
    [TYPE, part('form-data; name=a\r\n folded', 'x'), /no header/],
    [TYPE, part('form-data; name=a\r\nX : y', 'x'), /no header/],
    [
      TYPE,
      part('form-data; name=a\r\nContent-Disposition: form-data; name=b', 'x'),
      /two Content-D/,
    ],
    [TYPE, part('form-data; name=a\r\nContent-Transfer-Encoding: base64', 'x'), /is encoded/],
    [TYPE, part(`form-data; name=${'a'.repeat(1025)}`, 'x'), /the 1024 bytes/],
    [TYPE, part(`form-data; name=a${'\r\nX: y'.repeat(17)}`, 'x'), /the 16 that/],
    [TYPE, part(`form-data; name=a\r\nX: ${'y'.repeat(8200)}`, 'x'), /the 8192 bytes/],
    [
      TYPE,
      `${part('form-data; name=a', 'x').slice(0, -5).repeat(1001)}--B--`,
      /1000 that are taken/,
    ],
  ])('is refused: %s %j', (type, body, message) => {
    expect(() => parseMultipart(type, Buffer.from(body))).toThrow(message)
  })

  it('is read in time that grows with its length', () => {
    const almost = '\r\n--A'.repeat(200_000)
    expect(parseMultipart(TYPE, Buffer.from(part('form-data; name=a', almost)))).toHaveLength(1)
  })

  it('never fails in another way, whatever the bytes are', () => {
    const pieces = fc.constantFrom(
      '--B',
      '--',
      '\r\n',
      ': ',
      'Content-Disposition',
      'form-data; name="a"',
      '"',
      '\\',
      ';',
      '=',
    )
    fc.assert(
      fc.property(fc.array(fc.oneof(pieces, fc.string()), { maxLength: 30 }), (texts) => {
        try {
          parseMultipart(TYPE, Buffer.from(`--B${texts.join('')}`))
        } catch (error) {
          expect(error).toHaveProperty('name', 'MultipartError')
        }
      }),
      { numRuns: 2_000 },
    )
  })
})

function part(disposition: string, content: string, header = 'Content-Disposition'): string {
  return `--B\r\n${header}: ${disposition}\r\n\r\n${content}\r\n--B--`
}
