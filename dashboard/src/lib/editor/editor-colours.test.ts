/**
 * Every colour of code can be read on every colour it may stand on, by day and by night (WCAG 2.2,
 * contrast of text: 4.5).
 */
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'

const CONTRAST_MIN = 4.5

type Scheme = 0 | 1

function coloursOf(file: string): ReadonlyMap<string, readonly [string, string]> {
  const text = readFileSync(new URL(file, import.meta.url), 'utf8')
  const pairs = text.matchAll(/--([\w-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)/g)
  return new Map([...pairs].map(([, name = '', light = '', dark = '']) => [name, [light, dark]]))
}

const app = coloursOf('../../app.css')
const code = coloursOf('editor.css')

const BACKGROUNDS = new Map(
  [
    ...['card', 'bad-soft', 'good-soft', 'warn-soft', 'accent-soft'].map(
      (name) => [name, app] as const,
    ),
    ['code-selection', code] as const,
  ].map(([name, source]) => [name, source.get(name) ?? ['', '']] as const),
)

const NO_TEXT = /selection|line|shadow/
const TEXTS = new Map([
  ...[...code].filter(([name]) => !NO_TEXT.test(name)),
  ['ink', app.get('ink') ?? ['', '']] as const,
])

function luminance(colour: string): number {
  const parts = [1, 3, 5].map((start) => Number.parseInt(colour.slice(start, start + 2), 16) / 255)
  const [red = 0, green = 0, blue = 0] = parts.map((part) =>
    part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4,
  )
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}

function contrast(one: string, other: string): number {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b)
  return (light + 0.05) / (dark + 0.05)
}

describe.each([
  ['by day', 0],
  ['by night', 1],
] as const)('%s', (_name, scheme: Scheme) => {
  it('is readable on every background', () => {
    expect(TEXTS.size).toBe(11)
    const poor = [...TEXTS].flatMap(([text, colours]) =>
      [...BACKGROUNDS]
        .map(([on, grounds]) => ({ text, on, ratio: contrast(colours[scheme], grounds[scheme]) }))
        .filter(({ ratio }) => !(ratio >= CONTRAST_MIN)),
    )
    expect(poor).toEqual([])
  })
})
