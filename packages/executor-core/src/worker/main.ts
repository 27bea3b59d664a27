/**
 * A sandbox process: reads invocations from file descriptor 3, runs them, writes their outcomes.
 *
 * It is started by `pool/sandbox-command.ts` with an empty environment and without rights to files,
 * processes or threads, and it ends when its supervisor's end of the socket closes. Of packages
 * it imports the language alone, so that it starts fast; see `library.ts` for the others.
 *
 * @module
 */
import { Socket } from 'node:net'
import { decodeCallAnswer, decodeManifest } from '../protocol/call-message.ts'
import { DEFAULT_FRAME_LIMITS, FRAME_KIND, type Frame } from '../protocol/frame.ts'
import { FrameChannel } from '../protocol/frame-channel.ts'
import {
  type Callee,
  decodeCallee,
  decodeInvocation,
  decodePreparation,
} from '../protocol/invocation-message.ts'
import { ProtocolError } from '../protocol/protocol-error.ts'
import { decodeTaken } from '../protocol/stream-message.ts'
import { createEvaluate } from './evaluate.ts'
import { GrantedHosts } from './granted-hosts.ts'
import { HTTP_PART } from './http-part.ts'
import { KV_PART } from './kv/kv-part.ts'
import { OWN_MODULES } from './modules/own-modules.ts'
import { ProgramCache } from './program-cache.ts'
import { RunQueue } from './run-queue.ts'
import { ScriptRun } from './script-run.ts'
import { warmUp } from './warm-up.ts'

const SUPERVISOR_FD = 3
const PROGRAMS_MAX = 1000
/** The part of the heap that compiled programs may take. */
const PROGRAM_HEAP_SHARE = 1 / 3
const MIB = 1024 * 1024

const sandboxMemoryBytesMax = Number(process.argv[2]) * MIB
const evaluate = createEvaluate()
/** Made when the supervisor has said what services there are. */
let programs: ProgramCache | undefined

const OWN_PARTS = { modules: OWN_MODULES, services: { http: HTTP_PART, kv: KV_PART } }

/** By the number its supervisor gave; it reuses them, so they stay few. */
const callees = new Map<number, Callee>()
const channel = new FrameChannel({
  socket: new Socket({ fd: SUPERVISOR_FD, readable: true, writable: true }),
  limits: DEFAULT_FRAME_LIMITS,
  onFrame: receive,
  onChunkEnd: () => queue.drain(),
  // Without a supervisor there is nobody to answer, and nothing else keeps this process alive.
  onClose: () => queue.abandon(),
})
const queue = new RunQueue(channel)

// A terminal or a service manager sends these to every process at once. When this one ends is the
// supervisor's decision: it lets what is under way finish first.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {})

warmUp(evaluate)
channel.send(FRAME_KIND.hello, 0)
channel.flush()

function receive(frame: Frame): void {
  switch (frame.kind) {
    case FRAME_KIND.services:
      programs = programsWith(frame)
      return
    case FRAME_KIND.script: {
      const callee = decodeCallee(frame.metadata)
      callees.set(frame.id, callee)
      programs?.add(callee, frame.body)
      return
    }
    case FRAME_KIND.invoke: {
      const invocation = decodeInvocation(frame.metadata, frame.body, callees)
      const entry = programs?.find(invocation.program)
      if (entry === undefined) channel.send(FRAME_KIND.sourceWanted, frame.id)
      else queue.add({ id: frame.id, invocation, entry, sandboxMemoryBytesMax })
      return
    }
    case FRAME_KIND.prepare: {
      const { program } = decodePreparation(frame.metadata, callees)
      queue.prepare(frame.id, programs?.find(program))
      return
    }
    case FRAME_KIND.callAnswer: {
      const { call, answer } = decodeCallAnswer(frame)
      queue.answerCall(frame.id, call, answer)
      return
    }
    case FRAME_KIND.taken:
      queue.noteTaken(frame.id, decodeTaken(frame.metadata))
      return
    case FRAME_KIND.cancel:
      queue.cancel(frame.id)
      return
    default:
      throw new ProtocolError(`a frame of kind ${frame.kind} sent to a sandbox`)
  }
}

function programsWith({ metadata }: Frame): ProgramCache {
  const hosts = new GrantedHosts({
    own: OWN_PARTS,
    manifest: decodeManifest(metadata),
    call: (called, context, args) => ScriptRun.of(context).callHost(called, context, args),
  })
  return new ProgramCache({
    bytesMax: sandboxMemoryBytesMax * PROGRAM_HEAP_SHARE,
    entriesMax: PROGRAMS_MAX,
    evaluate,
    hosts,
  })
}
