/**
 * The README's transcripts are true: every `$ command` in a `console` block is run against a
 * started program, and prints what the README shows.
 */
import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import process from 'node:process'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { makeDataDir, type Program, ROOT, removeDataDir, startProgram } from './program.ts'

interface Step {
  readonly command: string
  readonly output: string
}

const steps = transcript(await readFile(join(ROOT, 'README.md'), 'utf8'))
let dataDir: string
let program: Program

beforeAll(async () => {
  dataDir = await makeDataDir()
  program = await startProgram(dataDir)
})

afterAll(async () => {
  await program.stop()
  await removeDataDir(dataDir)
})

it('has a transcript', () => {
  expect(steps.length).toBeGreaterThanOrEqual(3)
})

it.each(steps)('$command', async ({ command, output }) => {
  // The README speaks of the default port; the test's program listens on another.
  const printed = await shell(command.replaceAll('http://localhost:8080', program.url))
  expect(printed.replaceAll(program.url, 'http://localhost:8080').trim()).toBe(output)
})

/** Each `$ ` line of the `console` blocks with the lines below it. */
function transcript(markdown: string): readonly Step[] {
  return [...markdown.matchAll(/```console\n([\s\S]*?)```/g)].flatMap(([, block = '']) =>
    block
      .split(/^\$ /m)
      .slice(1)
      .map((step) => {
        const [command = '', ...output] = step.trimEnd().split('\n')
        return { command, output: output.join('\n').trim() }
      }),
  )
}

async function shell(command: string): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(
      'sh',
      ['-c', command],
      {
        cwd: ROOT,
        timeout: 30_000,
        env: {
          HOME: process.env.HOME ?? '/',
          PATH: `${join(ROOT, 'node_modules/.bin')}${delimiter}${process.env.PATH ?? ''}`,
          PICLOUD_DATA_DIR: dataDir,
          PICLOUD_SERVER: program.url,
        },
      },
      (error, stdout, stderr) => {
        if (error === null) resolve(stdout)
        else reject(new Error(`${command}: ${error.message}\n${stdout}${stderr}`))
      },
    )
  })
}
