/**
 * Doc comments, as the reference keeps them and as people read them.
 *
 * @module
 */

/** Lines stand together as one comment, each block is one of its own (src/parser.rs). */
export function joinedComments(comments: readonly string[]): readonly string[] {
  const joined: string[] = []
  let lines: string[] = []
  for (const comment of comments) {
    if (!comment.includes('\n')) {
      lines.push(comment)
      continue
    }
    if (lines.length > 0) joined.push(lines.join('\n'))
    lines = []
    joined.push(comment)
  }
  return lines.length === 0 ? joined : [...joined, lines.join('\n')]
}

/** The text of comments without what makes them comments. */
export function textOfComments(comments: readonly string[]): string {
  return comments.map(textOfComment).join('\n').trimEnd()
}

function textOfComment(comment: string): string {
  if (!comment.startsWith('/**')) return comment.replace(/^\/\/[/!] ?/, '').trimEnd()
  const [first = '', ...rest] = comment.replace(/\s*\**\*\/$/, '').split(/\r?\n/)
  const lines = [first.replace(/^\/\*\* ?/, ''), ...rest.map(withoutMargin)]
  return lines
    .map((line) => line.trimEnd())
    .join('\n')
    .trim()
}

/** Blocks are often written with a star or two down their left side. */
function withoutMargin(line: string): string {
  return line.replace(/^\s*\*{1,2}(?: |$)/, '')
}
