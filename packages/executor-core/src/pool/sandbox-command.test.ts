/**
 * What a sandbox process may touch: JavaScript runs in one exactly as the worker would, with the
 * worker's command line, and tries. It stands for a script that has broken out of the language and
 * of its context.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { createSocket } from 'node:dgram'
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { type AddressInfo, createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { onlyChildOf } from './linux-process.ts'
import { sandboxCommand } from './sandbox-command.ts'

const MIB = 1024 * 1024
const MEMORY_BYTES_MAX = 64 * MIB
const { file, args, missing = [] } = sandboxCommand(MEMORY_BYTES_MAX)
/** The last two arguments are the worker and its heap size. */
const OPTIONS = args.slice(0, -2)
const isRoot = process.getuid?.() === 0
const hasNamespaces = !missing.some((part) => part.startsWith('namespaces'))

const folder = mkdtempSync(join(tmpdir(), 'picloud-wall-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** Evaluates an expression in a process started like a sandbox; its value comes back as JSON. */
function inSandbox(expression: string): unknown {
  const code = `
    const load = process.getBuiltinModule
    let result
    try {
      result = await (${expression})
    } catch (error) {
      result = 'refused: ' + (error.code ?? error.name)
    }
    process.stdout.write(JSON.stringify(result ?? null), () => process.exit())`
  const all = [...OPTIONS, '--input-type=module', '--eval', code]
  const { stdout, stderr } = spawnSync(file, all, { env: {}, cwd: '/', timeout: 20_000 })
  if (stdout.byteLength === 0) throw new Error(`no result: ${stderr}`)
  return JSON.parse(stdout.toString('utf8'))
}

/** An expression for whether something that answers by events works out. */
function outcomeOf(make: string, good: string): string {
  return `new Promise((resolve) => {
    const it = ${make}
    it.once(${JSON.stringify(good)}, () => resolve('done'))
    it.once('error', (error) => resolve('refused: ' + error.code))
  })`
}

const DENIED = 'refused: ERR_ACCESS_DENIED'

describe('a sandbox process', () => {
  it('has an empty environment', () => {
    const names = inSandbox('Object.keys(process.env)') as string[]
    // What a shell sets of its own accord says nothing about the supervisor.
    expect(names.filter((name) => !['PWD', 'OLDPWD', 'SHLVL', '_'].includes(name))).toEqual([])
  })

  const target = JSON.stringify(join(folder, 'made'))
  it.each([
    ['read a file', `load('fs').readFileSync('/etc/passwd', 'utf8')`],
    ['read its own memory', `load('fs').readFileSync('/proc/self/mem')`],
    ['list a folder', `load('fs').readdirSync('/')`],
    ['write a file', `load('fs').writeFileSync(${target}, '')`],
    ['write a file in the folder for all', `load('fs').writeFileSync('/tmp/picloud-sandbox', '')`],
    ['write to its own code', `load('fs').writeFileSync(${JSON.stringify(args.at(-2))}, '')`],
    ['make a folder', `load('fs').mkdirSync(${target})`],
    ['make a link', `load('fs').symlinkSync('/etc/passwd', ${target})`],
    ['write a report', `load('process').report.writeReport(${target})`],
    ['write a snapshot of its heap', `load('v8').writeHeapSnapshot(${target})`],
    ['start a process', `load('child_process').spawnSync('/bin/true').status`],
    ['become another program', `process.execve('/bin/true', ['true'])`],
    ['start a thread', `new (load('worker_threads').Worker)('', { eval: true })`],
    ['load an add-on', `process.dlopen({ exports: {} }, '/tmp/x.node')`],
    ['reach what Node is made of', `process.binding('fs')`],
    ['open an inspector', `load('inspector').open(0)`],
    ['use WASI', `new (load('wasi').WASI)({ version: 'preview1' })`],
  ])('cannot %s', (_what, expression) => {
    expect(inSandbox(expression)).toMatch(/^refused: ERR_(?:ACCESS_DENIED|DLOPEN)/)
    expect(existsSync(join(folder, 'made'))).toBe(false)
  })

  it('reads nothing of the supervisor through /proc', () => {
    for (const name of ['environ', 'cmdline', 'maps', 'mem', 'fd/0']) {
      const path = `/proc/${process.pid}/${name}`
      expect(inSandbox(`load('fs').readFileSync(${JSON.stringify(path)})`)).toBe(DENIED)
    }
  })

  it.each([
    ['eval', `(0, eval)('1')`],
    ['Function', `new Function('return 1')()`],
    ['a constructor', `(() => {}).constructor('return 1')()`],
    ['an asynchronous one', `(async () => {}).constructor('return 1')()`],
  ])('makes no code from a string with %s', (_what, expression) => {
    expect(inSandbox(expression)).toBe('refused: EvalError')
  })

  it('has no __proto__ and no SQLite', () => {
    expect(inSandbox(`['__proto__' in {}, typeof load('node:sqlite')]`)).toEqual([
      false,
      'undefined',
    ])
  })

  it('is refused memory outside the heap beyond its ceiling, and lives on', () => {
    const fill = `(() => {
      const all = []
      try {
        for (;;) all.push(new Uint8Array(8 * 1024 * 1024).fill(1))
      } catch (error) {
        return { megabytes: all.length * 8, error: error.message }
      }
    })()`
    const result = inSandbox(fill) as { megabytes: number; error: string }
    expect(result.error).toMatch(/allocation failed/)
    expect(result.megabytes).toBeLessThan(512)
  })

  it.runIf(isRoot)('has given up the rights of root', () => {
    const changesUser =
      '(() => { try { process.setuid(1); return true } catch { return false } })()'
    expect(inSandbox(changesUser)).toBe(false)
  })
})

describe('the network, from a sandbox process', () => {
  let server: Server
  let socketServer: Server
  beforeAll(async () => {
    server = createServer().listen(0, '127.0.0.1')
    socketServer = createServer().listen(join(folder, 'socket'))
    await Promise.all(
      [server, socketServer].map((each) => new Promise((r) => each.once('listening', r))),
    )
  })
  afterAll(() => {
    server.close()
    socketServer.close()
  })

  it.runIf(hasNamespaces)('is empty: nothing of this machine can be reached', () => {
    const { port } = server.address() as AddressInfo
    const connect = (address: string) =>
      outcomeOf(`load('net').connect(${port}, '${address}')`, 'connect')
    // The same expression reaches the server where it may.
    expect(inSandbox(connect('127.0.0.1'))).toMatch(/^refused: E(?:NETUNREACH|ADDRNOTAVAIL)$/)
    expect(inSandbox(connect('::1'))).toMatch(/^refused: E/)
  })

  it.runIf(hasNamespaces)('reaches nothing outside, by address or by name', () => {
    const connect = outcomeOf(`load('net').connect(443, '192.0.2.1')`, 'connect')
    expect(inSandbox(connect)).toBe('refused: ENETUNREACH')
    expect(inSandbox(`load('dns').promises.resolve4('example.com')`)).toMatch(/^refused: E/)
  })

  it.runIf(hasNamespaces)('carries no datagram', async () => {
    const receiver = createSocket('udp4')
    let received = 0
    receiver.on('message', () => {
      received += 1
    })
    await new Promise<void>((resolve) => receiver.bind(0, '127.0.0.1', resolve))
    const { port } = receiver.address()
    const send = `new Promise((resolve) => {
      load('dgram').createSocket('udp4').send('x', ${port}, '127.0.0.1', (error) => {
        resolve(error === null ? 'sent' : 'refused: ' + error.code)
      })
    })`
    expect(inSandbox(send)).toBe('refused: ENETUNREACH')
    expect(received).toBe(0)
    receiver.close()
  })

  it.runIf(isRoot)('has no way to a socket that only its owner may use', () => {
    const path = JSON.stringify(join(folder, 'socket'))
    expect(inSandbox(outcomeOf(`load('net').connect(${path})`, 'connect'))).toBe('refused: EACCES')
  })
})

describe('other processes, from a sandbox process', () => {
  it.runIf(hasNamespaces)('are not there: none can be signalled, not even the supervisor', () => {
    const signal = (pid: number) => `process.kill(${pid}, 0)`
    expect(inSandbox(signal(process.pid))).toBe('refused: ESRCH')
    expect(inSandbox('[process.pid, process.ppid]')).toEqual([1, 0])
  })
})

describe.runIf(process.platform === 'linux')('what Linux tells of a sandbox process', () => {
  let child: ChildProcess
  let pid = 0
  beforeAll(async () => {
    const idle = [...OPTIONS, '--eval', 'process.stdout.write("up"); setInterval(() => {}, 1e6)']
    child = spawn(file, idle, { env: {}, cwd: '/', stdio: ['ignore', 'pipe', 'ignore'] })
    await new Promise((resolve) => child.stdout?.once('data', resolve))
    pid = onlyChildOf(child.pid) ?? child.pid ?? 0
  })
  afterAll(() => child.kill('SIGKILL'))

  function status(name: string): string {
    const text = readFileSync(`/proc/${pid}/status`, 'utf8')
    return new RegExp(`^${name}:[ \\t]*(.*?)[ \\t]*$`, 'm').exec(text)?.[1] ?? ''
  }

  it('leaves no core dump and has a ceiling of memory', () => {
    const limits = readFileSync(`/proc/${pid}/limits`, 'utf8')
    expect(limits).toMatch(/Max core file size\s+0\s+0\s/)
    expect(limits).toMatch(/Max data size\s+\d+\s+\d+\s/)
    expect(readFileSync(`/proc/${pid}/oom_score_adj`, 'utf8')).toBe('500\n')
  })

  it.runIf(existsSync('/usr/bin/setpriv'))('can gain no rights', () => {
    expect(status('NoNewPrivs')).toBe('1')
    for (const set of ['CapInh', 'CapPrm', 'CapEff', 'CapAmb']) {
      expect([set, status(set)]).toEqual([set, '0000000000000000'])
    }
    if (isRoot) expect(status('CapBnd')).toBe('0000000000000000')
  })

  it.runIf(isRoot && isOpenToAll(import.meta.dirname))('has a user that owns nothing', () => {
    expect(status('Uid')).toBe('65534\t65534\t65534\t65534')
    expect(status('Gid')).toBe('65534\t65534\t65534\t65534')
    expect(status('Groups')).toBe('')
  })

  it.runIf(hasNamespaces)('has namespaces of its own', () => {
    expect(status('NSpid')).toBe(`${pid}\t1`)
  })
})

describe('what a system does not provide', () => {
  it('is named', () => {
    expect(missing.every((part) => part.length > 0)).toBe(true)
    if (isRoot && isOpenToAll(import.meta.dirname) && hasNamespaces) expect(missing).toEqual([])
  })
})

/** Where only root may enter, nobody else could read the sandbox's code. */
function isOpenToAll(path: string): boolean {
  const isOpen = (statSync(path).mode & 0o001) !== 0
  return isOpen && (path === dirname(path) || isOpenToAll(dirname(path)))
}
