import { describe, expect, it } from 'vitest'
import { parse } from '../parse/parse.ts'
import { findWaiting } from './waiting.ts'

function waitingNames(source: string): string[] {
  const { main, functions } = findWaiting(parse(source), (module) => module === 'http')
  return [...[...functions].map((each) => each.name), ...(main ? ['main'] : [])]
}

describe('what can reach an asynchronous host call', () => {
  it('is nothing when there is none', () => {
    expect(waitingNames('fn f() { log::info(1) } f(); [1].map(|x| x)')).toEqual([])
  })

  it('is every function on the way to it, and only those', () => {
    const source = 'fn a() { b() } fn b() { http::get("x") } fn c() { 1 } c()'
    expect(waitingNames(source).sort()).toEqual(['a', 'b'])
  })

  it('is what calls back or calls by pointer, if any closure reaches it', () => {
    expect(waitingNames('let f = || http::get("x"); fn g(h) { h.call() } 1')).toEqual(['g', 'main'])
    expect(
      waitingNames('fn g(l, h) { l.map(h) } fn k(l) { l.len() } g([], || http::get(1))'),
    ).toEqual(['g', 'main'])
  })
})
