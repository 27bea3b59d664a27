import { describe, expect, it } from 'vitest'
import { canonicalText, compile } from '../index.ts'

function result(source: string): string {
  return canonicalText(compile(source).instantiate().run().value)
}

describe('what the reference does not run', () => {
  it.each([
    ['a look at a variable as a statement', 'missing; 1'],
    ['a try around nothing that can fail', 'try { missing } catch (e) { print(e) } 1'],
    ['a loop without effect', 'for x in |a| a { } 1'],
    ['an if that guards nothing', 'let x = 1; if x { } 1'],
    ['an import nothing can use', '{ import "nowhere" as n; } 1'],
  ])('%s is dropped', (_name, source) => {
    expect(result(source)).toBe('1')
  })

  it('a constant side of a logical operator goes, and with it the check of the other', () => {
    expect(result('let x = 1; x && true')).toBe('1')
    expect(result('let x = 1; false || x')).toBe('1')
  })

  it('effects stay', () => {
    expect(() => result('missing + 1; 1')).toThrow('Variable not found: missing')
    expect(() => result('try { missing + 1 } catch { throw 2 } 1')).toThrow('Runtime error: 2')
  })
})
