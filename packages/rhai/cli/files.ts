/**
 * Files that a command line names.
 *
 * @module
 */
import { readFileSync } from 'node:fs'
import { UsageError } from './usage-error.ts'

/** A first line for Unix (`#!/usr/bin/env rhai`) is not part of the script. */
export function readScript(path: string): string {
  return readFileSync(path, 'utf8').replace(/^#!.*/, '')
}

const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'may not be read',
  EISDIR: 'is a folder, not a file',
  ENOENT: 'does not exist',
}

/** The text in a file. @throws UsageError */
export function readText(path: string): string {
  try {
    return readScript(path)
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException
    const reason = REASONS[code]
    if (reason === undefined) throw error
    throw new UsageError(`${path} ${reason}`)
  }
}
