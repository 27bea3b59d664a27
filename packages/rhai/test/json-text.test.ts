/**
 * Data that comes from outside is no program: `parse_json` reads expressions, as the reference
 * does, but a text cannot reach the host, run other texts or end the script.
 */
import { describe, expect, it } from 'vitest'
import { ANY, canonicalText, compile, Host, hostFunction } from '../src/index.ts'

const NOT_BY_NAME = expect.stringMatching(/^Function not found: (shout|secret) \(i64/)

function read(json: string): { readonly calls: number; readonly outcome: unknown } {
  let calls = 0
  const info = (): undefined => {
    calls += 1
  }
  const host = new Host({
    functions: { shout: hostFunction([ANY], info), glue: hostFunction([ANY, ANY], info) },
    modules: { log: { functions: { info: hostFunction([ANY], info) } } },
  })
  const script = 'fn secret(x) { shout(x) } let m = parse_json(text); m'
  try {
    const program = compile(script, { host, globals: ['text'] }).instantiate()
    return { outcome: canonicalText(program.run({ globals: { text: json } }).value), calls }
  } catch (error) {
    return { outcome: String(error), calls }
  }
}

describe('the text that parse_json reads', () => {
  it.each([
    ['a host function', '{"a": log::info(1)}', 'Module not found: log (line 1, position 7)'],
    ['a host module', '{"a": log::LEVEL}', 'Module not found: log (line 1, position 7)'],
    [
      'a host function without a module',
      '{"a": shout(1)}',
      'Function not found: shout (i64) (line 1, position 7)',
    ],
    [
      'a host function as a method',
      '{"a": 1.glue(2)}',
      'Function not found: glue (i64, i64) (line 1, position 9)',
    ],
    ['a host function by name', '{"a": [1].map("sho" + "ut")}', NOT_BY_NAME],
    ['a function of the script by name', '{"a": [1].map("secret")}', NOT_BY_NAME],
    ['eval', '{"a": eval("log::info(1)")}', 'Function not found: eval (line 1, position 7)'],
    ['exit', '{"a": exit(#"x"#)}', 'Function not found: exit (line 1, position 7)'],
    [
      'a closure',
      '{"a": [1].map(|x| log::info(x))}',
      'Module not found: log (line 1, position 19)',
    ],
    ['a branch', '{"a": false && eval("1")}', 'Function not found: eval (line 1, position 16)'],
    ['a key', '{"a": [1][log::info(1)]}', 'Module not found: log (line 1, position 11)'],
    ['a pointer', '{"a": Fn("print")}', 'Function not found: Fn (line 1, position 7)'],
  ])('cannot reach %s', (_name, json, message) => {
    expect(read(json)).toEqual({ calls: 0, outcome: message })
  })

  it('may still be an expression', () => {
    expect(read('{"a": 1 + max(2, 3), }').outcome).toBe('#{"a":4}')
  })
})
