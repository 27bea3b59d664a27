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

it('reads real JSON as it is', () => {
  const key = fc.string({ unit: fc.constantFrom('a', 'b', 'é', '😀', ' ') })
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
