/**
 * Hammers the control plane for longer than the tests do, and checks every invariant after each
 * round:
 *
 *     npm run -s hammer [-- --rounds N] [--clients N] [--operations N] [--seed N]
 *
 * A round has a fresh database. The seed of a round that failed is printed.
 */
import { parseArgs } from 'node:util'
import { hammer } from './hammer.ts'
import { brokenInvariants, INVARIANTS, isMade } from './invariants.ts'

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '20' },
    clients: { type: 'string', default: '16' },
    operations: { type: 'string', default: '200' },
    seed: { type: 'string', default: '1' },
  },
})
const clients = Number(values.clients)
const operations = Number(values.operations)

for (let round = 0; round < Number(values.rounds); round += 1) {
  const seed = Number(values.seed) + round
  const evidence = await hammer({ seed, clients, operations }).catch((error: unknown) => {
    throw new Error(`seed ${seed} failed`, { cause: error })
  })
  const broken = brokenInvariants(evidence)
  const made = evidence.told.filter(isMade).length
  console.log(
    `seed ${seed}: ${evidence.told.length} writes asked for, ${made} made, ` +
      `${INVARIANTS.length} invariants, ${broken.length} findings`,
  )
  for (const finding of broken) console.log(`  ${finding}`)
  if (broken.length > 0) process.exitCode = 1
}
