/**
 * The port by which the control plane asks what its program takes of the machine it runs on.
 *
 * How a system tells that is for the programs to know; what cannot be told is null.
 *
 * @module
 */

/** What programs there are. */
export const NODE_ROLES = ['all-in-one', 'manager', 'orchestrator', 'executor'] as const
export type NodeRole = (typeof NODE_ROLES)[number]

/** A program, as the others see it. */
export interface NodeIdentity {
  readonly role: NodeRole
  /** Host name of its machine. */
  readonly name: string
  readonly pid: number
}

/** What the processes of one program do: itself, its sandboxes, its embedded database. */
export const PROCESS_ROLES = ['program', 'sandbox', 'database'] as const
export type ProcessRole = (typeof PROCESS_ROLES)[number]

export interface RunningProcess {
  readonly role: ProcessRole
  /** What it shares with others divided among them; null when it may not be read. */
  readonly memoryBytes: number | null
}

export interface Machine {
  /**
   * Time on processors of all processes of the program since it started, those that have ended
   * too, in seconds.
   */
  cpuSeconds(): number | null
  /** Those of the program that run now. */
  processes(): readonly RunningProcess[] | null
  /** Addresses of the machine's interfaces, but for loopback. */
  addresses(): readonly string[]
}

/** Of a machine that tells nothing. */
export const UNKNOWN_MACHINE: Machine = {
  cpuSeconds: () => null,
  processes: () => null,
  addresses: () => [],
}
