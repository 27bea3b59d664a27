/**
 * The limits the ingress keeps: all but those of the control plane and of the sandboxes.
 *
 * @module
 */
import type { LimitName, Limits } from '@picloud/shared'

export const INGRESS_LIMITS = [
  'bodyBytesMax',
  'urlBytesMax',
  'headerBytesMax',
  'deadlineMs',
  'operationsMax',
  'cpuMsMax',
  'callDepthMax',
  'variablesMax',
  'stringBytesMax',
  'arrayItemsMax',
  'mapEntriesMax',
  'dataBytesMax',
  'outputBytesMax',
  'logBytesMax',
  'hostCallsMax',
  'hostCallsAtOnceMax',
  'hostValueBytesMax',
  'streamMs',
  'streamBytesMax',
  'kvKeyBytesMax',
  'kvValueBytesMax',
  'kvKeysMax',
  'kvBytesMax',
  'kvListItemsMax',
  'kvTransactionKeysMax',
  'kvAttemptsMax',
  'connectionsMax',
  'queueRequestsMax',
  'queueAppRequestsMax',
  'contentBytesMax',
  'idempotencyAnswerBytesMax',
  'idempotencyBytesMax',
  'recordBufferMax',
  'recordSamplingPercent',
] as const satisfies readonly LimitName[]

export type IngressLimits = Pick<Limits, (typeof INGRESS_LIMITS)[number]>
