/**
 * What a script can import, and what it is then. Part of the suite every executor runs.
 *
 * @module
 */
import {
  type ExecutionRequest,
  type Executor,
  type ImportedScript,
  newId,
  type ScriptVersionId,
} from '@picloud/shared'
import { describe, expect, it } from 'vitest'
import { bodyText, failureIn, type RequestChanges, requestOf } from './script-run.contract.ts'

type Sources = Readonly<Record<string, string>>

function importsOf(sources: Sources): readonly ImportedScript[] {
  return Object.entries(sources).map(([name, source]) => ({
    name,
    versionId: newId<ScriptVersionId>(),
    source,
  }))
}

/** Like {@link requestOf}, of a script that can import what is given. */
function importing(
  source: string,
  imports: readonly ImportedScript[],
  changes?: RequestChanges,
): ExecutionRequest {
  return { ...requestOf(source, changes), imports }
}

export function describeImports(executor: () => Executor): void {
  const answer = async (
    source: string,
    sources: Sources,
    changes?: RequestChanges,
  ): Promise<string> =>
    bodyText(await executor().execute(importing(source, importsOf(sources), changes)))
  const failure = async (source: string, sources: Sources, changes?: RequestChanges) =>
    failureIn(await executor().execute(importing(source, importsOf(sources), changes)))

  describe('a script that imports others', () => {
    it.each<[string, string, Sources, string]>([
      ['a function', 'import "t" as t; t::up("a")', { t: 'fn up(s) { s.to_upper() }' }, 'A'],
      ['a constant', 'import "t" as t; t::N + 1', { t: 'export const N = 41;' }, '42'],
      [
        'what that imports, by a name that means one thing',
        'import "a" as a; import "c" as c; a::n() + c::n()',
        { a: 'fn n() { import "c" as c; c::n() + 1 }', c: 'fn n() { 10 }' },
        '21',
      ],
      [
        'the event, in what it imports too',
        'import "t" as t; t::of()',
        { t: 'fn of() { request.query.x + ctx.app }' },
        '1shop',
      ],
      [
        'a path that is computed',
        'let name = "t"; import name + "" as t; t::n()',
        { t: 'fn n() { 7 }' },
        '7',
      ],
      [
        'a module that calls the host, in its function and as it is imported',
        'import "t" as t; [t::N, t::ask(2)]',
        { t: 'export const N = test::echo(1); fn ask(n) { test::echo(n) }' },
        '[1,2]',
      ],
      [
        'a module whose closure waits for the host',
        'import "t" as t; [1, 2].map(t::twice())',
        { t: 'fn twice() { |x| test::echo(x) * 2 }' },
        '[2,4]',
      ],
    ])('finds %s', async (_what, source, sources, expected) => {
      expect(await answer(source, sources)).toBe(expected)
    })

    it('evaluates a module once in a run and anew in the next', async () => {
      const imports = importsOf({ t: 'export let n = []; fn get() { 1 }' })
      const source = 'import "t" as a; import "t" as b; a::get() + b::get()'
      for (let run = 0; run < 3; run += 1) {
        expect(bodyText(await executor().execute(importing(source, imports)))).toBe('2')
      }
    })

    it('imports what was pinned for it, though its version is the same', async () => {
      const source = 'import "v" as v; v::n()'
      const seen: string[] = []
      for (const n of [1, 2, 1]) seen.push(await answer(source, { v: `fn n() { ${n} }` }))
      expect(seen).toEqual(['1', '2', '1'])
    })

    it('shares a module with others that import the same version', async () => {
      const [t] = importsOf({ t: 'fn n() { 3 }' })
      if (t === undefined) throw new Error('one was made')
      for (const source of ['import "t" as t; t::n()', 'import "t" as x; x::n() * 2']) {
        expect(bodyText(await executor().execute(importing(source, [t])))).toMatch(/^[36]$/)
      }
    })

    it.each<[string, string, Sources]>([
      ['nothing was pinned', 'import "t" as t; 1', {}],
      ['another was pinned', 'let n = "o" + "ther"; import n as t; 1', { t: '' }],
      ['a module asks for it', 'import "a" as a; 1', { a: 'import "t" as t;' }],
      ['text is evaluated', `eval("import \\"x\\" as x; 1")`, { t: '' }],
    ])('says so when there is no such script: %s', async (_what, source, sources) => {
      const { code, message } = await failure(source, sources)
      expect(code).toBe('PIC_SCRIPT_ERROR')
      expect(message).toContain('Module not found')
      expect(message).toContain('activated')
    })

    it('says which scripts import each other in a circle', async () => {
      const sources = { a: 'import "b" as b;', b: 'import "a" as a;' }
      const { code, message } = await failure('import "a" as a; 1', sources)
      expect(code).toBe('PIC_SCRIPT_ERROR')
      expect(message).toContain('Circular import: a -> b -> a')
    })

    it('says which of them does not compile', async () => {
      const { code, message } = await failure('import "t" as t; 1', { t: 'let = 3' })
      expect(code).toBe('PIC_SCRIPT_ERROR')
      expect(message).toMatch(/module.*t/)
    })

    it('pays for what they do', async () => {
      const spin = { t: 'fn spin() { loop {} }' }
      const limits = { operationsMax: 100_000 }
      const { code, limit } = await failure('import "t" as t; t::spin()', spin, { limits })
      expect(code).toBe('PIC_SCRIPT_LIMIT')
      expect(limit?.name).toBe('operationsMax')
    })

    it('cannot be kept by what it imports from ending by its throw', async () => {
      const thrown = { t: 'fn deny() { throw #{ status: 403, message: "no" } }' }
      expect(await failure('import "t" as t; t::deny()', thrown)).toMatchObject({
        code: 'PIC_SCRIPT_THROWN',
        status: 403,
        message: 'no',
      })
    })
  })
}
