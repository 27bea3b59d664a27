/**
 * Slow inputs to every function of the library, each in a loop that never ends.
 *
 * @module
 */
import { HOSTILE_PROGRAMS } from '../../../bench/hostile/programs.ts'
import { KILLED, STOPPED } from './codes.ts'
import { scriptAbuse } from './script-abuse.ts'

export const hostilePrograms = scriptAbuse({
  name: 'library',
  title: 'slow inputs to every function of the library',
  clients: 16,
  codes: [...STOPPED, ...KILLED, 'PIC_EXEC_MEMORY', 'PIC_SCRIPT_ERROR'],
  victimCodes: KILLED,
  sources: HOSTILE_PROGRAMS.map(({ setup, body }) => `${setup} ${body}`),
})
