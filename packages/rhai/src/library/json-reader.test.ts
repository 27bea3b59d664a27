import { canonicalText, compile, fromJson } from '@picloud/rhai'
import fc from 'fast-check'
import { expect, it } from 'vitest'

/** Runs `parse_json` on a text and answers the canonical text of the value, or the error. */
function read(text: string): string {
  const program = compile('parse_json(text)', { globals: ['text'] }).instantiate()
  try {
    return canonicalText(program.run({ globals: { text } }).value)
  } catch (error) {
    return String(error)
  }
}

it.each([
  ['{"a":1,"a":2}', 'Duplicated property for object map literal: a'],
  ['[1]', 'Output type incorrect: array (expecting map)'],
  ['{"a":"\\b"}', "Invalid escape sequence: '\\b'"],
  ['{"a":#{}}', "Invalid symbol encountered: '#{'"],
  ['{"a":x}', 'Variable not found: x'],
  ['{', "Expecting '}' to end this object map literal"],
])('refuses %s', (text, error) => expect(read(text)).toContain(error))

it.each([
  ['{"a":0x1f, /* more */ "b":[1,],}', '#{"a":31,"b":[1]}'],
  ['{"a":1+2}', '#{"a":3}'],
  [`{"a":'c'}`, `#{"a":'c'}`],
  ['{"a":123456789012345678901234567890}', '#{"a":1.2345678901234568e29}'],
  ['{"a":"say ""hi"""}', '#{"a":"say \\"hi\\""}'],
])('leaves %s to the parser of the language', (text, value) => expect(read(text)).toBe(value))

it('tells keys apart from those of objects before', () => {
  const documents = [
    [{ 'a":1,"b': 1 }, { a: 1, b: 1 }],
    [{ 'a\\': 1 }, { 'a"': 1 }],
    [{ 'é\u0080\u0080': 1 }, { 退: 2 }],
    [{ a: 1, b: 2 }, { a: 1, b: 2, c: 3 }, { a: 4 }, { b: 5 }],
  ]
  for (const list of documents) {
    expect(read(JSON.stringify({ list }))).toBe(canonicalText(fromJson({ list })))
  }
  expect(read('{"list":[{"a":1},{"a" : 2},{ "a":3 }]}')).toBe(
    canonicalText(fromJson({ list: [{ a: 1 }, { a: 2 }, { a: 3 }] })),
  )
})

it('reads objects with any number of keys', () => {
  for (const count of [0, 1, 63, 64, 65, 66, 200]) {
    const document = Object.fromEntries(Array.from({ length: count }, (_, i) => [`k${i}`, i]))
    expect(read(JSON.stringify({ document }))).toBe(canonicalText(fromJson({ document })))
  }
})

it('refuses a key that comes twice, however many there are', () => {
  const keys = Array.from({ length: 100 }, (_, i) => `"k${i}":${i}`)
  for (const twice of [0, 62, 63, 64, 99]) {
    expect(read(`{${[...keys, `"k${twice}":0`].join(',')}}`)).toContain(`literal: k${twice}`)
  }
})

it('reads real JSON as it is', () => {
  const key = fc.string({
    unit: fc.constantFrom('a', 'b', 'é', '😀', ' ', '"', '\\', ':', '\u0080'),
  })
  const leaf = fc.oneof(
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
    fc.string({ unit: fc.constantFrom('x', '"', '\\', '\n', '日') }),
    fc.integer({ min: 1, max: 99 }).map((value) => value / 8),
  )
  const { tree } = fc.letrec((tie) => ({
    tree: fc.oneof({ depthSize: 'small' }, leaf, tie('list'), tie('map')),
    list: fc.array(tie('tree'), { maxLength: 4 }),
    map: fc.dictionary(key, tie('tree'), { maxKeys: 4, noNullPrototype: true }),
  }))
  fc.assert(
    fc.property(fc.record({ root: tree }), fc.constantFrom(0, 2), (document, indent) => {
      const text = JSON.stringify(document, null, indent)
      expect(read(text)).toBe(canonicalText(fromJson(document)))
    }),
  )
})
