import { spawnSync } from 'node:child_process'
import { Command, Option } from 'commander'
import { beforeAll, describe, expect, it } from 'vitest'
import { makeProgram } from '../src/commands/program.ts'
import { commandWords } from '../src/completion/command-words.ts'
import { COMPLETION_SCRIPTS, SHELLS } from '../src/completion/completion-scripts.ts'
import { Terminal } from '../src/terminal/terminal.ts'
import { picloud } from './command-line.ts'

const context = {
  terminal: new Terminal(process.stdout, process.stderr),
  env: {},
  finishWith() {},
}
const ALL = commandWords(makeProgram(context, '0.0.0'))

describe('the words that can be typed', () => {
  it('are the verbs, flags and choices of every command', () => {
    const program = new Command('picloud')
    const make = program.command('apps').description('apps: all').command('create')
    make.addOption(new Option('--kind <kind>', 'which kind').choices(['a', 'b']))
    expect(commandWords(program).map(({ place }) => place)).toEqual(['', 'apps', 'apps create'])
    const [top, , create] = commandWords(program)
    expect(top?.verbs).toEqual([{ text: 'apps', about: 'apps all' }])
    expect(create?.flags.map(({ text }) => text)).toEqual(['--kind', '--help'])
    expect(create?.flags[0]).toMatchObject({ takesValue: true, choices: ['a', 'b'] })
  })

  it.each(SHELLS)('are all in the script for %s', (shell) => {
    const script = COMPLETION_SCRIPTS[shell](ALL)
    expect(ALL.length).toBeGreaterThan(40)
    for (const { place, verbs, flags } of ALL) {
      expect(script).toContain(place)
      for (const { text } of verbs) expect(script).toContain(text)
      for (const { text } of flags) expect(script).toContain(text.slice(2))
    }
  })
})

describe('the script for bash', () => {
  let script = ''
  beforeAll(async () => {
    script = (await picloud(['completion', 'bash'])).stdout
  })

  /** What Tab offers at the end of a line, whose last word may be unfinished. */
  function offered(line: string): readonly string[] {
    const words = line.split(' ')
    const quoted = words.map((word) => `'${word}'`).join(' ')
    const program = `${script}
COMP_WORDS=(${quoted}); COMP_CWORD=${words.length - 1}; _picloud; printf '%s\\n' "\${COMPREPLY[@]}"`
    const { stdout, stderr, status } = spawnSync('bash', ['--norc', '-c', program], {
      encoding: 'utf8',
    })
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    return stdout.split('\n').filter((text) => text !== '')
  }

  it.each([
    ['picloud st', ['start', 'stats']],
    ['picloud apps re', ['rename', 'release-slug']],
    ['picloud apps create --js', ['--json']],
    ['picloud apps create shop --js', ['--json']],
    ['picloud completion ', ['bash', 'zsh', 'fish']],
    ['picloud tokens create ci --scope r', ['read']],
    // A value nobody can foresee, and a file: the shell's own completion takes over.
    ['picloud apps list --server ', []],
    ['picloud deploy gue', []],
    ['picloud nothing --', ['--version', '--help']],
  ])('completes "%s"', (line, wanted) => {
    expect(offered(line).toSorted()).toEqual([...wanted].sort())
  })

  it('offers every command at the start', () => {
    expect(offered('picloud ')).toEqual(ALL[0]?.verbs.map(({ text }) => text))
  })

  it('is registered for picloud, with file names where it has nothing', () => {
    const program = `${script}\ncomplete -p picloud`
    const { stdout } = spawnSync('bash', ['--norc', '-c', program], { encoding: 'utf8' })
    expect(stdout.trim()).toBe('complete -o default -F _picloud picloud')
  })
})

it('knows three shells', async () => {
  const { code, stderr } = await picloud(['completion', 'tcsh'])
  expect(code).toBe(2)
  expect(stderr).toContain('bash, zsh, fish')
})
