import { describe, expect, it } from 'vitest'
import { routerPath } from './router-path.ts'

describe('routerPath', () => {
  it.each([
    ['/apps', '/apps'],
    ['/apps/{app}/domains/{domain_id}', '/apps/:app/domains/:domain_id'],
    ['/apps/slug:check', '/apps/slug::check'],
    ['/scripts/{script_id}:rollback', '/scripts/:script_id(^[^:/]+)::rollback'],
  ])('writes %s as %s', (template, path) => {
    expect(routerPath(template)).toBe(path)
  })
})
