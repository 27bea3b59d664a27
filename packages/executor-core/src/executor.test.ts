import { describeExecutor } from './executor.contract.ts'
import { startExecutor } from './executor.ts'

const MIB = 1024 * 1024

describeExecutor('an executor with sandboxes of its own', async () => ({
  executor: startExecutor({ processes: 2, sandboxMemoryBytesMax: 128 * MIB }),
  close: async () => {},
}))
