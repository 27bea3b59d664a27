/**
 * Counts and sizes in words.
 *
 * @module
 */
const whole = new Intl.NumberFormat('en')
const short = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 })
const SHORT_FROM = 10_000

/** `1,234`, and `12.3K` where the last digits say nothing. */
export function countText(count: number): string {
  return (Math.abs(count) < SHORT_FROM ? whole : short).format(count)
}

const SIZES = ['B', 'KiB', 'MiB', 'GiB', 'TiB'] as const

/** `512 B`, `1.5 KiB`. */
export function bytesText(bytes: number): string {
  let size = bytes
  let unit = 0
  while (size >= 1024 && unit < SIZES.length - 1) {
    size /= 1024
    unit += 1
  }
  return `${unit === 0 ? size : Number(size.toPrecision(3))} ${SIZES[unit]}`
}

/** A share from 0 to 1: `0 %`, `0.4 %`, `12 %`. */
export function shareText(share: number): string {
  const percent = share * 100
  return `${percent === 0 || percent >= 10 ? Math.round(percent) : Number(percent.toPrecision(2))} %`
}

/** `1 route`, `2 routes`. */
export function counted(count: number, word: string): string {
  return `${countText(count)} ${word}${count === 1 ? '' : 's'}`
}
