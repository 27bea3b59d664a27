import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const MAIN = fileURLToPath(new URL('main.ts', import.meta.url))
let folder: string

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'rhai-cli-'))
  mkdirSync(join(folder, 'empty'))
  writeFileSync(join(folder, 'good.rhai'), '//! Text.\nprint("out");\n42')
  writeFileSync(join(folder, 'bad.rhai'), 'let x = ;\nlet y = (1 2);\n')
  writeFileSync(join(folder, 'doubtful.rhai'), 'pritn(1)')
  mkdirSync(join(folder, 'lib', 'deep'), { recursive: true })
  writeFileSync(join(folder, 'importing.rhai'), 'import "lib/outer" as o;\no::f(1) + o::inner::X')
  writeFileSync(
    join(folder, 'lib', 'outer.rhai'),
    '#!/usr/bin/env rhai\nimport "deep/inner" as inner;\nfn f(x) { if x > 1 { throw x } inner::X + x }',
  )
  writeFileSync(
    join(folder, 'lib', 'deep', 'inner.rhai'),
    'import "../other.rhai" as o; export const X = o::Y;',
  )
  writeFileSync(join(folder, 'lib', 'other.rhai'), 'export const Y = 10;')
  writeFileSync(join(folder, 'failing.rhai'), 'import "lib/outer" as o;\no::f(2)')
  writeFileSync(join(folder, 'lost.rhai'), 'import "lib/nothing" as n;')
  writeFileSync(join(folder, 'broken.jsonl'), '{"id": "a", "script": "1"}\n{')
})

afterAll(() => rmSync(folder, { recursive: true }))

function rhai(args: readonly string[], input = '') {
  const argv = ['--conditions=@picloud/source', MAIN, ...args]
  const { status, stdout, stderr } = spawnSync(process.execPath, argv, {
    cwd: folder,
    encoding: 'utf8',
    input,
  })
  return { status, stdout, stderr }
}

describe('rhai', () => {
  it('runs a script', () => {
    expect(rhai(['run', 'good.rhai'])).toEqual({ status: 0, stdout: 'out\n42\n', stderr: '' })
    const { status, stderr } = rhai(['run', 'bad.rhai'])
    expect({ status, stderr }).toEqual({
      status: 1,
      stderr: "Unexpected ';'\n  1 | let x = ;\n    |         ^\n",
    })
  })

  it('finds modules beside the file that imports them', () => {
    expect(rhai(['run', 'importing.rhai'])).toEqual({ status: 0, stdout: '21\n', stderr: '' })
    expect(rhai(['run', 'lost.rhai']).stderr).toContain('Module not found: lib/nothing')
  })

  it('shows an error in the file it is in', () => {
    expect(rhai(['run', 'failing.rhai']).stderr.split('\n')).toEqual([
      'Runtime error: 2',
      "  'lib/outer':",
      '  3 | fn f(x) { if x > 1 { throw x } inner::X + x }',
      '    |                      ^^^^^',
      "in call to function 'f' (from 'lib/outer')",
      '  2 | o::f(2)',
      '    |    ^',
      '',
    ])
  })

  it('checks scripts', () => {
    const { status, stdout } = rhai(['check', 'good.rhai', 'bad.rhai', 'doubtful.rhai'])
    expect(status).toBe(1)
    expect(stdout.split('\n')).toEqual([
      "bad.rhai:1:9: error: Unexpected ';'",
      '  1 | let x = ;',
      '    |         ^',
      "bad.rhai:2:12: error: Expecting ')' for a matching ( in this expression",
      '  2 | let y = (1 2);',
      '    |            ^',
      "doubtful.rhai:1:1: warning: No function 'pritn' is defined; did you mean 'print'?",
      '  1 | pritn(1)',
      '    | ^^^^^',
      '',
    ])
    expect(rhai(['check', 'doubtful.rhai']).status).toBe(0)
  })

  it('describes a script', () => {
    const { status, stdout } = rhai(['describe', 'good.rhai'])
    expect(status).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({ documentation: 'Text.', isComplete: true })
  })

  it('prints results in the form of the recordings', () => {
    const cases =
      '{"id":"a","script":"1 +"}\n{"id":"b","script":"let x = @"}\n{"id":"c","script":"\\"\\\\q\\""}\n'
    const records = rhai(['cases'], cases).stdout.trim().split('\n')
    expect(records.map((line) => JSON.parse(line))).toEqual([
      {
        id: 'a',
        ok: false,
        phase: 'parse',
        error: 'Script is incomplete (line 1, position 4)',
        kind: 'UnexpectedEOF',
        line: 1,
        col: 4,
        root_kind: 'UnexpectedEOF',
        output: [],
      },
      expect.objectContaining({ kind: 'Reserved', root_kind: 'Reserved' }),
      expect.objectContaining({ kind: 'BadInput', root_kind: 'MalformedEscapeSequence' }),
    ])
  })

  it('explains itself', () => {
    const overview = rhai(['--help'])
    expect(overview.status).toBe(0)
    for (const verb of ['run', 'check', 'describe', 'emit', 'cases', 'score']) {
      expect(overview.stdout).toContain(`\n  ${verb} `)
      const { status, stdout } = rhai([verb, '--help'])
      expect({ status, usage: stdout.startsWith(`usage: rhai ${verb} `) }).toEqual({
        status: 0,
        usage: true,
      })
    }
    expect(rhai([]).status).toBe(2)
  })

  it.each([
    [['run', 'missing.rhai'], 'missing.rhai does not exist'],
    [['run', 'empty'], 'empty is a folder, not a file'],
    [['check', 'good.rhai', 'missing.rhai'], 'missing.rhai does not exist'],
    [['describe', 'missing.rhai'], 'missing.rhai does not exist'],
    [['score', 'broken.jsonl'], 'line 2 of broken.jsonl is not JSON'],
    [['score', '--nope', 'broken.jsonl'], "Unknown option '--nope'"],
    [['run'], 'a name is missing; --help says which'],
    [['run', 'good.rhai', 'bad.rhai'], 'one name is wanted, not more'],
    [['walk'], "there is no command 'walk'; see rhai --help"],
  ])('answers %j in one line', (args, message) => {
    const { status, stderr } = rhai(args)
    expect(status).toBe(2)
    expect(stderr.startsWith(`rhai: ${message}`)).toBe(true)
    expect(stderr.trimEnd()).not.toContain('\n')
  })
})
