import { describe, expect, it } from 'vitest'
import { REQUEST_MEMBERS, readsOf } from './script-reads.ts'

const ALL = REQUEST_MEMBERS

describe('what a source can read', () => {
  it.each([
    ['1 + 1', [], false],
    ['let requests = 1; ctxs', [], false],
    ['fn f() { ctx.app } f()', [], true],
    ['request.query', ['query'], false],
    ['request . path != request?.method', ['method', 'path'], false],
    ['request.path.len() + request.headers["x"].len', ['path', 'headers'], false],
    [`\`\${request.id}\``, ['id'], false],
    ['request.ip; request.ip', ['ip'], false],
    ['fn f() { request.body_raw } f()', ['body_raw'], false],
    ['request', ALL, false],
    ['show(request)', ALL, false],
    ['request["path"]', ALL, false],
    ['request.len()', ALL, false],
    ['request.path; let r = request', ALL, false],
    // A function of the script's own, which has all of `request` as `this`.
    ['fn path() { this.ip } request.path()', ALL, false],
    ['fn path() { this.ip } request.path ()', ALL, false],
    ['fn path() { this.ip } request.path!()', ALL, false],
    ['fn path() { this.ip } request.path/**/()', ALL, false],
    ['request/**/.path', ALL, false],
    ['request.pathx', ALL, false],
    ['is_def_var("request")', ALL, false],
    ['// request', ALL, false],
    ['eval("re" + "quest")', ALL, true],
    ['import "other" as o; o::f()', ALL, true],
  ])('%s', (source, request, ctx) => {
    expect(readsOf(source)).toEqual({ request, ctx })
  })
})
