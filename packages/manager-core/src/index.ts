export type { Principal } from './auth/principal.ts'
export { createManager, type Manager, type ManagerOptions } from './create-manager.ts'
export { AttemptsLimitedError, SetupRefusedError, UnauthenticatedError } from './errors/access.ts'
export { answerClientError } from './http/client-error.ts'
