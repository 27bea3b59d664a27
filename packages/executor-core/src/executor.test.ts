import { describeExecutor } from './executor.contract.ts'
import { startExecutor } from './executor.ts'
import { createTestService } from './test-service.ts'

const MIB = 1024 * 1024

describeExecutor('an executor with sandboxes of its own', async () => {
  const testService = createTestService()
  return {
    executor: startExecutor({
      processes: 2,
      sandboxMemoryBytesMax: 128 * MIB,
      services: [testService],
    }),
    testService,
    close: async () => {},
  }
})
