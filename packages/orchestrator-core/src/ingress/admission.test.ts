import { setTimeout as sleep } from 'node:timers/promises'
import { newId } from '@picloud/shared'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { IngressError } from '../errors.ts'
import { Admission, type AdmittedApp } from './admission.ts'

const [shop, blog, wiki] = ['shop', 'blog', 'wiki'].map((slug) => ({ id: newId(), slug })) as [
  AdmittedApp,
  AdmittedApp,
  AdmittedApp,
]

/** The error of the first that finds no room. */
function fill(admission: Admission, app: AdmittedApp): IngressError {
  for (;;) {
    try {
      admission.enter(app)
    } catch (error) {
      return error as IngressError
    }
  }
}

describe('room for requests', () => {
  it('is bounded for one app', () => {
    const admission = new Admission({ queueRequestsMax: 100, queueAppRequestsMax: 7 })
    expect(fill(admission, shop)).toMatchObject({
      code: 'PIC_INGRESS_APP_OVERLOADED',
      details: { limit: { name: 'queueAppRequestsMax', value: 7 } },
    })
    expect(admission.underWay).toBe(7)
    admission.leave(shop)
    admission.enter(shop)
  })

  it('is left for others, however many apps flood and whatever one app may have', () => {
    const admission = new Admission({ queueRequestsMax: 900, queueAppRequestsMax: 900 })
    expect(fill(admission, shop).code).toBe('PIC_INGRESS_OVERLOADED')
    const ofOne = admission.underWay
    expect(ofOne).toBeGreaterThan(750)
    fill(admission, blog)
    expect(admission.underWay).toBeLessThan(900)
    for (let i = 0; i < 5; i += 1) admission.enter(wiki)
  })

  it('is shared evenly once those with more than their share have left', () => {
    const admission = new Admission({ queueRequestsMax: 900, queueAppRequestsMax: 900 })
    fill(admission, shop)
    let ofBlog = 0
    for (let i = 0; i < 5_000; i += 1) {
      admission.leave(shop)
      for (const app of [shop, blog]) {
        try {
          admission.enter(app)
          if (app === blog) ofBlog += 1
        } catch {}
      }
    }
    expect(ofBlog).toBeGreaterThan(350)
    expect(ofBlog).toBeLessThan(550)
  })

  it('is all given back, whatever comes and goes', () => {
    const step = fc.record({ app: fc.constantFrom(shop, blog, wiki), enters: fc.boolean() })
    fc.assert(
      fc.property(fc.array(step), (steps) => {
        const admission = new Admission({ queueRequestsMax: 20, queueAppRequestsMax: 8 })
        const inside: AdmittedApp[] = []
        for (const { app, enters } of steps) {
          const at = inside.indexOf(app)
          if (!enters && at >= 0) {
            inside.splice(at, 1)
            admission.leave(app)
          } else if (enters) {
            try {
              admission.enter(app)
              inside.push(app)
            } catch {
              // An app with nothing under way is refused only when there is no place at all.
              expect(at >= 0 || inside.length === 20).toBe(true)
            }
          }
          expect(admission.underWay).toBe(inside.length)
        }
        for (const app of inside) admission.leave(app)
        expect(admission.underWay).toBe(0)
      }),
    )
  })

  it('is expected when what is under way should have left', async () => {
    const admission = new Admission({ queueRequestsMax: 100, queueAppRequestsMax: 50 })
    fill(admission, shop)
    await sleep(200)
    // Five a second at most: 50 need ten seconds at least.
    admission.leave(shop)
    const { headers } = fill(admission, shop)
    expect(Number(headers['retry-after'])).toBeGreaterThanOrEqual(10)
    expect(Number(headers['retry-after'])).toBeLessThanOrEqual(30)
  })
})
