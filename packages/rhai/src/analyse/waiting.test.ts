import { describe, expect, it } from 'vitest'
import { Host } from '../host/host.ts'
import { asyncHostFunction, hostFunction } from '../host/host-function.ts'
import { parse } from '../parse/parse.ts'
import { ANY } from '../runtime/native-function.ts'
import { findWaiting } from './waiting.ts'
import { anyNode, type Node } from './walk.ts'

const get = asyncHostFunction([ANY], async (_context, value) => value)
const log = hostFunction([ANY], () => undefined)
const HOST = new Host({
  functions: { fetch: get },
  modules: { http: { functions: { get } }, log: { functions: { info: log } } },
})

/** The functions that may wait, closures by their parameters, and `main`. */
function waitingNames(source: string, isModule = false): string[] {
  const script = parse(source)
  const { main, waits } = findWaiting(script, { host: HOST, isModule })
  const closures: string[] = []
  const note = (node: Node): boolean => {
    if (node.kind === 'closure' && waits(node)) {
      closures.push(`|${node.params.map((param) => param.name).join()}|`)
    }
    return false
  }
  for (const statement of script.statements) anyNode(statement, note, true)
  for (const definition of script.functions) anyNode(definition.body, note, true)
  const functions = script.functions.filter(waits).map((each) => each.name)
  return [...functions, ...closures, ...(main ? ['main'] : [])].sort()
}

describe('what can reach a host call that answers later', () => {
  it('is nothing when there is none', () => {
    expect(waitingNames('fn f() { log::info(1) } f(); [1].map(|x| x)')).toEqual([])
  })

  it('is every function on the way to it, and only those', () => {
    const source = 'fn a() { b() } fn b() { http::get("x") } fn c() { 1 } c()'
    expect(waitingNames(source)).toEqual(['a', 'b'])
  })

  it('is a closure and what it is given to, but not the closures beside it', () => {
    const source = 'let l = [1].map(|x| http::get(x)); l.sort(|a, b| a - b); l.filter(|x| x > 1)'
    expect(waitingNames(source)).toEqual(['main', '|x|'])
  })

  it('is no more than the top level for one call there', () => {
    const source = `
      fn total(list) { let n = 0; for x in list { n += x.len() } n }
      fn pick(list) { list.sort(|a, b| b.n - a.n); list.filter(|x| x.ok) }
      let list = http::get("x"); total(pick(list))
    `
    expect(waitingNames(source)).toEqual(['main'])
  })

  it('is the function around a closure that is called there', () => {
    expect(waitingNames('fn f(l) { l.map(|x| http::get(x)) } 1')).toEqual(['f', '|x|'])
  })
})

describe('a function or closure that is loose', () => {
  it('is reached by every call through a pointer', () => {
    expect(
      waitingNames('let f = || http::get(1); fn g(h) { h.call() } fn k(h) { call(h) } 1'),
    ).toEqual(['g', 'k', '||'])
  })

  it('is reached by library functions that are given a variable', () => {
    expect(
      waitingNames('fn g(l, h) { l.map(h) } fn k(l) { l.len() } g([], || http::get(1))'),
    ).toEqual(['g', 'main', '||'])
  })

  it('is a function whose name is used as a value or a text', () => {
    const get = 'fn get(x) { http::get(x) } fn g(h) { h.call(1) } '
    expect(waitingNames(`${get} 1`)).toEqual(['get'])
    expect(waitingNames(`${get} let f = get; 1`)).toEqual(['g', 'get'])
    expect(waitingNames(`${get} let f = Fn("get"); 1`)).toEqual(['g', 'get'])
    expect(waitingNames(`${get} let f = Fn(name); 1`)).toEqual(['g', 'get'])
    expect(waitingNames(`${get} [1].map("get")`)).toEqual(['g', 'get', 'main'])
  })

  it('is what is given to a function of the script, whatever library function shares its name', () => {
    const source = 'fn map(f) { f.call(1) } let r = [1].map(|x| http::get(x)); 1'
    expect(waitingNames(source)).toEqual(['main', 'map', '|x|'])
  })

  it('is reached as a method when a map may hold it', () => {
    expect(waitingNames('let m = #{get: |x| http::get(x)}; fn f(m) { m.get(1) } 1')).toEqual([
      'f',
      '|x|',
    ])
    expect(waitingNames('let m = #{}; m.len = |x| http::get(x); fn f(m) { m.len() } 1')).toEqual([
      'f',
      '|x|',
    ])
    expect(waitingNames('let m = #{}; m["len"] = |x| http::get(x); fn f(m) { m.len() } 1')).toEqual(
      ['f', '|x|'],
    )
    expect(waitingNames('let m = #{}; m[key] = |x| http::get(x); fn f(m) { m.len() } 1')).toEqual([
      'f',
      '|x|',
    ])
    expect(waitingNames('let g = |x| http::get(x); fn f(m) { m.len() } 1')).toEqual(['|x|'])
  })
})

it('a text that is evaluated may wait, and may name whatever the script does', () => {
  expect(waitingNames('fn f() { eval("1") } fn g() { h() } fn h() { 1 } g()')).toEqual(['f'])
})

it('methods of scripts spread it by name', () => {
  const source = 'fn load() { http::get(this) } fn f(x) { x.load() } fn g(x) { x.len() } 1'
  expect(waitingNames(source)).toEqual(['f', 'load'])
})

describe('what is outside the script', () => {
  it('may wait as it is imported, and so may all that was imported', () => {
    const source =
      'import "a" as a; fn f() { a::g() } fn g(h) { h.call() } fn k() { log::info(1) } 1'
    expect(waitingNames(source)).toEqual(['f', 'g', 'main'])
  })

  it('may wait when it is a function of the host without a module', () => {
    expect(
      waitingNames('fn f() { fetch(1) } fn g() { "a".fetch() } fn h(p) { p.call() } 1'),
    ).toEqual(['f', 'g'])
    expect(waitingNames('fn f() { [1].map("fetch") } fn h(p) { p.call() } 1')).toEqual(['f', 'h'])
  })

  it('may be anything to a module', () => {
    const source =
      'fn f(l, g) { l.map(g) } fn g() { unknown() } fn h(l) { l.sort(|a, b| a - b) } fn k(x) { x.load() } 1'
    expect(waitingNames(source)).toEqual([])
    expect(waitingNames(source, true)).toEqual(['f', 'g', 'k'])
  })
})
