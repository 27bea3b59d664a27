/**
 * The log of a program: one JSON object a line on standard error. Standard output is for people.
 *
 * @module
 */
import type { Logger } from '@picloud/shared'
import { pino } from 'pino'
import type { LogLevel } from './settings.ts'

const STANDARD_ERROR = 2

/** Writes at once, so that the last words of a program that fails are not lost. */
export function programLog(level: LogLevel): Logger {
  return pino({ level, base: null }, pino.destination({ fd: STANDARD_ERROR, sync: true }))
}
