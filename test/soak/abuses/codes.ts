/**
 * Codes that answer abuses, by what they mean for whoever gets them.
 *
 * @module
 */

/** There is no room: come again. */
export const REFUSED = [
  'PIC_INGRESS_APP_OVERLOADED',
  'PIC_INGRESS_OVERLOADED',
  'PIC_EXEC_OVERLOADED',
] as const

/** The script was stopped at a limit. */
export const STOPPED = ['PIC_SCRIPT_LIMIT', 'PIC_EXEC_DEADLINE', ...REFUSED] as const

/** The process that held the execution was killed. */
export const KILLED = ['PIC_EXEC_SANDBOX_LOST', 'PIC_EXEC_DEADLINE'] as const
