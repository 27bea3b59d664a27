/**
 * `picloud system`: what runs where, and what it takes.
 *
 * @module
 */
import type { System } from '@picloud/shared'
import type { Command } from 'commander'
import { shownTime, showTable } from '../terminal/table.ts'
import type { Terminal } from '../terminal/terminal.ts'
import {
  type CommandContext,
  connect,
  type ServerOptions,
  withServerOptions,
} from './command-context.ts'

export function addSystemCommand(program: Command, context: CommandContext): void {
  const { terminal } = context
  withServerOptions(program.command('system'))
    .description('say what runs where, and what it takes while idle')
    .action(async (options: ServerOptions) => {
      const system = await connect(context, options).call('getSystem', {})
      if (options.json) return terminal.resultJson(system)
      showSystem(terminal, system)
    })
}

function showSystem(terminal: Terminal, system: System): void {
  const { product, schema, started_at, database, nodes, idle, processes } = system
  terminal.result(`PiCloud ${product}, schema ${schema}, since ${shownTime(started_at)}`)
  terminal.result(
    `PostgreSQL ${database.version}, ${database.kind}: ${megabytes(database.size_bytes)}, ` +
      `${database.connections} of ${database.connections_max} connections`,
  )
  const cpu =
    idle.cpu_seconds === null
      ? ''
      : `, ${idle.cpu_seconds.toFixed(2)} s of CPU (${idle.cpu_percent?.toFixed(2) ?? '-'} %)`
  terminal.result(
    `${shownTime(idle.since)} to ${shownTime(idle.until)}: ${idle.queries} queries${cpu}`,
  )
  terminal.result('')
  showTable(terminal, {
    header: ['PROGRAM', 'MACHINE', 'PROCESS', 'CONNECTED', 'FROM'],
    rows: nodes.map((node) => [
      node.role,
      node.name,
      String(node.pid),
      shownTime(node.since),
      node.address ?? '(this machine)',
    ]),
    none: 'No program is connected to the database.',
  })
  if (processes === null) return
  terminal.result('')
  showTable(terminal, {
    header: ['PROCESSES', 'COUNT', 'MEMORY'],
    rows: processes.map(({ role, count, memory_bytes }) => [
      role,
      String(count),
      memory_bytes === null ? '-' : megabytes(memory_bytes),
    ]),
    none: '',
  })
}

const BYTES_PER_MEGABYTE = 1_000_000

function megabytes(bytes: number): string {
  return `${(bytes / BYTES_PER_MEGABYTE).toFixed(1)} MB`
}
