import { join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { cliTokenPath, resolveDataDir } from './data-dir.ts'

describe('resolveDataDir', () => {
  it('takes the flag, then the variable, absolute', () => {
    expect(resolveDataDir('x', { PICLOUD_DATA_DIR: '/y' })).toBe(resolve('x'))
    expect(resolveDataDir(undefined, { PICLOUD_DATA_DIR: '/y' })).toBe('/y')
  })

  it('follows XDG_DATA_HOME only where it is absolute', () => {
    const env = { HOME: '/home/ada' }
    expect(resolveDataDir(undefined, { ...env, XDG_DATA_HOME: '/data' }, 1000)).toBe(
      '/data/picloud',
    )
    expect(resolveDataDir(undefined, { ...env, XDG_DATA_HOME: 'data' }, 1000)).toBe(
      '/home/ada/.local/share/picloud',
    )
  })

  it('is /var/lib/picloud for root', () => {
    expect(resolveDataDir(undefined, { XDG_DATA_HOME: '/data' }, 0)).toBe('/var/lib/picloud')
  })

  it('keeps the token of the command line inside it', () => {
    expect(cliTokenPath('/data')).toBe(join('/data', 'cli-token'))
  })
})
