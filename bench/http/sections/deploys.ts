/**
 * How soon a script is live after its upload, and what its first call takes.
 *
 * @module
 */
import { median } from '../figure.ts'
import { deploy, type Section, startInNewFolder } from '../section.ts'

const DEPLOYS = 41

export const deploys: Section = {
  name: 'deploys',
  title: 'upload to live, first call',
  run: async () => {
    await using stack = new AsyncDisposableStack()
    const server = await startInNewFolder(stack)
    await deploy(server, '/fresh', sourceOf(0))
    const url = `${server.url}fresh`
    const app = await server.ask('GET', '/apps/default')
    const scripts = await server.ask('GET', `/scripts?app=${app.id}`)
    const { id } = scripts.items.find(({ name }: { name: string }) => name === 'fresh')
    const live: number[] = []
    const first: number[] = []
    const second: number[] = []
    for (let number = 1; number <= DEPLOYS; number += 1) {
      const start = performance.now()
      await server.ask('PUT', `/scripts/${id}`, { source: sourceOf(number) })
      const saved = performance.now()
      await expectAnswer(url, number)
      const called = performance.now()
      await expectAnswer(url, number)
      live.push(called - start)
      first.push(called - saved)
      second.push(performance.now() - called)
    }
    return [
      { name: 'upload to the first answer', value: median(live), unit: 'ms', atMost: 50 },
      { name: 'first call of a fresh version', value: median(first), unit: 'ms', atMost: 10 },
      { name: 'second call', value: median(second), unit: 'ms' },
    ]
  },
}

/** A script of usual length: some functions, of which each version differs. */
function sourceOf(number: number): string {
  const functions = Array.from(
    { length: 12 },
    (_, index) => `
      fn part_${index}(value, list) {
        let sum = ${number};
        for item in list { if item > value { sum += item * ${index}; } else { sum -= 1; } }
        sum
      }`,
  )
  const calls = functions.map((_, index) => `part_${index}(${index}, [1, 2, 3])`)
  return `${functions.join('\n')}\nlet parts = [${calls.join(', ')}];\n#{ number: ${number}, parts: parts }`
}

async function expectAnswer(url: string, number: number): Promise<void> {
  const answer = (await (await fetch(url)).json()) as { readonly number: number }
  if (answer.number !== number) throw new Error(`version ${answer.number} instead of ${number}`)
}
