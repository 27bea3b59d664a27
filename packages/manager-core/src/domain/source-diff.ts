/**
 * The lines by which two sources differ, as hunks and as the text of `diff -u`.
 *
 * The time it takes is bounded by the number of edits looked for, fewer where there are more lines
 * to follow for each; two sources further apart than that are shown as one block replaced by
 * another, which is true and costs little. Sources of more lines than anybody writes are not
 * compared.
 *
 * @module
 */
import { FILE_HEADERS_ONLY, formatPatch, type StructuredPatch, structuredPatch } from 'diff'

const CONTEXT_LINES = 3
/** Time grows with its square; at this many it is a quarter of a second, and nobody reads more. */
const EDITS_MAX = 1_000
/** For each edit looked for, all lines may have to be passed; this many take a quarter of a second. */
const LINES_PASSED_MAX = 20_000_000
/** Of both together. A line in an answer is many times the size of an empty line in a source. */
const LINES_MAX = 100_000

export interface DiffedSource {
  /** What the head of the unified text calls it. */
  readonly name: string
  readonly source: string
}

export interface SourceDiffLine {
  readonly change: 'kept' | 'removed' | 'added'
  readonly text: string
  readonly hasLineBreak: boolean
}

export interface SourceDiffHunk {
  readonly fromLine: number
  readonly fromLines: number
  readonly toLine: number
  readonly toLines: number
  readonly lines: readonly SourceDiffLine[]
}

export interface SourceDiff {
  /** Empty when the two are equal. */
  readonly unified: string
  readonly hunks: readonly SourceDiffHunk[]
  readonly linesAdded: number
  readonly linesRemoved: number
  /** False when the two were too far apart for their lines to be matched. */
  readonly isMinimal: boolean
}

/**
 * Null when the two have too many lines to be compared.
 *
 * @param editsMax how far apart two sources may be for their lines to be matched
 */
export function diffSources(
  from: DiffedSource,
  to: DiffedSource,
  editsMax: number = EDITS_MAX,
): SourceDiff | null {
  const lines = countLines(from.source) + countLines(to.source)
  if (lines > LINES_MAX) return null
  const matched = structuredPatch(
    from.name,
    to.name,
    from.source,
    to.source,
    undefined,
    undefined,
    {
      context: CONTEXT_LINES,
      maxEditLength: Math.min(editsMax, Math.floor(LINES_PASSED_MAX / lines)),
    },
  )
  const patch = matched ?? replacement(from, to)
  const hunks = patch.hunks.map(hunkOf)
  const count = (change: SourceDiffLine['change']): number =>
    hunks.reduce((sum, { lines }) => sum + lines.filter((each) => each.change === change).length, 0)
  return {
    unified: hunks.length === 0 ? '' : formatPatch(patch, FILE_HEADERS_ONLY),
    hunks,
    linesAdded: count('added'),
    linesRemoved: count('removed'),
    isMinimal: matched !== undefined,
  }
}

type Hunk = StructuredPatch['hunks'][number]

const CHANGES: Readonly<Record<string, SourceDiffLine['change']>> = {
  ' ': 'kept',
  '-': 'removed',
  '+': 'added',
}

function hunkOf(hunk: Hunk): SourceDiffHunk {
  const lines = hunk.lines.flatMap((line, index): SourceDiffLine[] => {
    const change = CHANGES[line.charAt(0)]
    // What begins with a backslash is a note about the line before.
    if (change === undefined) return []
    const hasLineBreak = !(hunk.lines[index + 1]?.startsWith('\\') ?? false)
    return [{ change, text: line.slice(1), hasLineBreak }]
  })
  return {
    fromLine: hunk.oldStart,
    fromLines: hunk.oldLines,
    toLine: hunk.newStart,
    toLines: hunk.newLines,
    lines,
  }
}

/** A last line without a line break is one too. */
export function countLines(source: string): number {
  let count = 0
  for (let at = source.indexOf('\n'); at !== -1; at = source.indexOf('\n', at + 1)) count += 1
  return count + Number(source !== '' && !source.endsWith('\n'))
}

/** Everything between the first and the last line that differ, taken out and put in as a whole. */
function replacement(from: DiffedSource, to: DiffedSource): StructuredPatch {
  const [old, now] = [linesOf(from.source), linesOf(to.source)]
  const shorter = Math.min(old.length, now.length)
  let head = 0
  while (head < shorter && old[head] === now[head]) head += 1
  let tail = 0
  while (tail < shorter - head && old.at(-1 - tail) === now.at(-1 - tail)) tail += 1
  const start = Math.max(0, head - CONTEXT_LINES)
  const kept = tail - Math.max(0, tail - CONTEXT_LINES)
  const oldEnd = old.length - tail
  const nowEnd = now.length - tail
  return {
    oldFileName: from.name,
    newFileName: to.name,
    oldHeader: undefined,
    newHeader: undefined,
    hunks: [
      {
        oldStart: start + 1,
        oldLines: oldEnd + kept - start,
        newStart: start + 1,
        newLines: nowEnd + kept - start,
        lines: [
          ...old.slice(start, head).flatMap((line) => marked(' ', line)),
          ...old.slice(head, oldEnd).flatMap((line) => marked('-', line)),
          ...now.slice(head, nowEnd).flatMap((line) => marked('+', line)),
          ...old.slice(oldEnd, oldEnd + kept).flatMap((line) => marked(' ', line)),
        ],
      },
    ],
  }
}

/** Each with its line break, so that a last line without one differs from one that has it. */
function linesOf(source: string): readonly string[] {
  return source.match(/[^\n]*\n|[^\n]+$/g) ?? []
}

function marked(mark: string, line: string): readonly string[] {
  return line.endsWith('\n')
    ? [mark + line.slice(0, -1)]
    : [mark + line, '\\ No newline at end of file']
}
