export { ApiClient, type ApiClientOptions, type List } from './api-client.ts'
export { type Failure, problemIn } from './failure.ts'
export type {
  Answer,
  CallArguments,
  CallOptions,
  Item,
  ListOperationId,
  OperationId,
} from './operation.ts'
export type { ApiAnswer, ApiRequest, Transport } from './transport.ts'
