import { describe, expect, it } from 'vitest'
import { readsOf } from './script-reads.ts'

describe('what a source can read', () => {
  it.each([
    ['1 + 1', false, false],
    ['let requests = 1; ctxs', false, false],
    ['request.query', true, false],
    ['fn f() { ctx.app } f()', false, true],
    ['is_def_var("request")', true, false],
    ['eval("re" + "quest")', true, true],
    ['import "other" as o; o::f()', true, true],
    ['// request', true, false],
  ])('%s', (source, request, ctx) => {
    expect(readsOf(source)).toEqual({ request, ctx })
  })
})
