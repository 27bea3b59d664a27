/** `random::` and `uuid::`: everything that can come, nothing else, nothing more often. */
import { describe, expect, it } from 'vitest'
import { moduleRuns } from './module-runs.contract.ts'

const { value, caught, limit, text } = moduleRuns()

describe('random', () => {
  it('draws every INT of a range about as often', async () => {
    const source = `
      let counts = [0, 0, 0];
      for i in 0..3000 { counts[random::int(-1, 1) + 1] += 1; }
      counts`
    const counts = (await value(source)) as number[]
    // Six standard deviations.
    for (const count of counts) expect(Math.abs(count - 1000)).toBeLessThan(160)
  })

  it('draws over all 64 bits', async () => {
    const source = `
      let low = 0; let high = 0;
      for i in 0..200 {
        let n = random::int(-9223372036854775807 - 1, 9223372036854775807);
        if n < -4611686018427387904 { low += 1 }
        if n > 4611686018427387904 { high += 1 }
      }
      [low > 10, high > 10, random::int(9223372036854775807, 9223372036854775807)]`
    expect(await text(source)).toBe('[true,true,9223372036854775807]')
  })

  it.each([
    ['[random::float()].all(|x| x >= 0.0 && x < 1.0)', true],
    ['let t = 0; for i in 0..200 { if random::bool() { t += 1 } } t > 40 && t < 160', true],
    ['random::text(20).len()', 20],
    ['random::text(5, "x")', 'xxxxx'],
    ['random::text(3, "🎲").len()', 3],
    ['random::choice([])', null],
    ['random::choice([7])', 7],
    [
      'let a = [1, 2, 3]; let b = random::shuffle(a); b.sort(); [a, b]',
      [
        [1, 2, 3],
        [1, 2, 3],
      ],
    ],
    ['uuid::is_valid(uuid::v4()) && uuid::v4() != uuid::v4()', true],
    ['uuid::is_valid("123")', false],
    ['uuid::v7() < uuid::v7()', true],
    ['[uuid::v4()[14], uuid::v7()[14]]', ['4', '7']],
  ])('%s', async (source, expected) => {
    expect(await value(`fn f() { ${source} } response::json(f())`)).toEqual(expected)
  })

  it('puts a list into every order', async () => {
    const source = `
      let seen = #{};
      for i in 0..300 { seen[random::shuffle([1, 2, 3]).to_string()] = true; }
      seen.len()`
    expect(await value(source)).toBe(6)
  })

  it.each(['random::int(2, 1)', 'random::text(-1)', 'random::text(1, "")'])(
    'refuses %s',
    async (expression) => {
      expect(await caught(expression)).toMatch(/^PIC_RANDOM_INVALID: /)
    },
  )

  it('makes no text longer than a string may be', async () => {
    const message = await limit('random::text(9000000000)', { stringBytesMax: 1000 })
    expect(message).toContain('string')
    expect(await limit('loop { random::text(1000); }', { operationsMax: 1_000_000 })).toContain(
      'operations',
    )
  })
})
