import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { UsageError } from '../errors.ts'
import { resolveConnection } from './connection.ts'

describe('resolveConnection', () => {
  let dataDir = ''
  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'picloud-connection-'))
    await writeFile(join(dataDir, 'cli-token'), 'pic_local\n')
  })
  afterAll(() => rm(dataDir, { recursive: true }))

  it.each(['localhost:8080', 'ftp://x', 'http://user:pw@x', 'x'])(
    'refuses the server %s',
    (server) => {
      expect(() => resolveConnection({ server }, {})).toThrow(UsageError)
    },
  )

  it('refuses a token that no header can carry, without showing it', () => {
    expect(() => resolveConnection({ token: 'abc def' }, {})).toThrow(/^(?!.*abc).*token/)
  })

  it('never sends the token of this machine to another', () => {
    const env = { PICLOUD_DATA_DIR: dataDir, PICLOUD_SERVER: 'https://pi.example.com' }
    const { token, advice } = resolveConnection({}, env).credentials()
    expect(token).toBeNull()
    expect(advice).toBe('Give a token with PICLOUD_TOKEN or --token.')
    expect(
      resolveConnection({ server: 'http://localhost.example.com', dataDir }, {}).credentials()
        .token,
    ).toBe(null)
  })

  it.each(['http://localhost:1', 'http://127.0.0.2:1', 'http://[::1]:1', 'http://a.localhost'])(
    'sends it to %s',
    (server) => {
      expect(resolveConnection({ server, dataDir }, {}).credentials().token).toBe('pic_local')
    },
  )

  it('takes flag, then variable, then file; an empty variable is none', () => {
    const env = { PICLOUD_TOKEN: 'pic_env', PICLOUD_DATA_DIR: dataDir }
    expect(resolveConnection({ token: 'pic_flag' }, env).credentials().token).toBe('pic_flag')
    expect(resolveConnection({}, env).credentials().token).toBe('pic_env')
    expect(resolveConnection({}, { ...env, PICLOUD_TOKEN: '' }).credentials().token).toBe(
      'pic_local',
    )
    expect(resolveConnection({}, env).server.href).toBe('http://localhost:8080/')
  })

  it('reads the file anew each time: a server that was started again has another token', async () => {
    const { credentials } = resolveConnection({ dataDir }, {})
    expect(credentials().token).toBe('pic_local')
    await writeFile(join(dataDir, 'cli-token'), 'pic_of_the_next_start\n')
    expect(credentials().token).toBe('pic_of_the_next_start')
  })

  it('says what to do when there is no file', () => {
    const { token, advice } = resolveConnection({ dataDir: '/nowhere' }, {}).credentials()
    expect(token).toBeNull()
    expect(advice).toContain('/nowhere/cli-token, which picloud start writes, is not there')
  })
})
