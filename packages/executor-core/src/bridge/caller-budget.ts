/**
 * What an execution may use of its limits, as far as its supervisor knows of it: calls of the host,
 * and what scripts used that were run for it.
 *
 * A sandbox says itself how much its script has computed. Should it lie, what others used in its
 * name counts all the same, and so do its calls. What is lent to one of them is lent to no other at
 * the same time.
 *
 * @module
 */
import type { ExecutionBudget, ExecutionLimits } from '@picloud/shared'
import type { CallerUse } from '../protocol/call-message.ts'

/** What was lent, until `charge` says what was used of it. */
export interface Loan {
  readonly left: ExecutionBudget
  charge(used: ExecutionBudget): void
}

const NOTHING: ExecutionBudget = { operations: 0, cpuMs: 0, hostCalls: 0 }

export class CallerBudget {
  readonly #limits: ExecutionLimits
  #calls = 0
  /** By those that ran for it. */
  #used = NOTHING
  #isLent = false

  constructor(limits: ExecutionLimits) {
    this.#limits = limits
  }

  /** What is known for sure to have been used. */
  get used(): ExecutionBudget {
    const { operations, cpuMs, hostCalls } = this.#used
    return { operations, cpuMs, hostCalls: this.#calls + hostCalls }
  }

  /** Whether one more call is within the limit. */
  takeCall(): boolean {
    this.#calls += 1
    return this.used.hostCalls <= this.#limits.hostCallsMax
  }

  /** Lends what is left, until `charge` says what was used of it. */
  lend(claimed: CallerUse, onCharge: (used: ExecutionBudget) => void): Loan {
    if (this.#isLent) return { left: NOTHING, charge: () => {} }
    this.#isLent = true
    const { operationsMax, cpuMsMax, hostCallsMax } = this.#limits
    const { used } = this
    const left = {
      operations: Math.max(0, operationsMax - Math.max(claimed.operations, used.operations)),
      // Whole, as a limit is.
      cpuMs: Math.max(0, Math.floor(cpuMsMax - Math.max(claimed.cpuMs, used.cpuMs))),
      hostCalls: Math.max(0, hostCallsMax - used.hostCalls),
    }
    const charge = (spent: ExecutionBudget): void => {
      this.#isLent = false
      this.#used = {
        operations: this.#used.operations + spent.operations,
        cpuMs: this.#used.cpuMs + spent.cpuMs,
        hostCalls: this.#used.hostCalls + spent.hostCalls,
      }
      onCharge(spent)
    }
    return { left, charge }
  }
}
