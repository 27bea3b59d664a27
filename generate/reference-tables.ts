/**
 * Reads the tables of the reference pages that say what scripts can use.
 *
 * A table whose first column is called `function` has calls there, as code, with commas between;
 * one called `member` has names like `request.method`. What stands in the other columns is said of
 * all of them. Nothing else on a page is read.
 *
 * @module
 */

export interface ReferenceRow {
  /** As they are written: `kv::get(key)`, `text.len`. */
  readonly calls: readonly string[]
  readonly gives: string
  readonly text: string
}

export interface ReferenceSection {
  /** The heading above. */
  readonly heading: string
  readonly rows: readonly ReferenceRow[]
}

/** All tables of a page that list functions or members, by the heading they stand under. */
export function referenceTables(page: string): readonly ReferenceSection[] {
  const sections: { heading: string; rows: ReferenceRow[] }[] = []
  let heading = ''
  let columns: readonly string[] | undefined
  for (const line of page.split('\n')) {
    const title = /^#+ (.*)$/.exec(line)?.[1]
    if (title !== undefined) heading = plain(title).replaceAll('`', '')
    if (!line.startsWith('|')) {
      columns = undefined
    } else if (columns === undefined) {
      columns = cellsOf(line)
      if (isListed(columns)) sections.push({ heading, rows: [] })
    } else if (isListed(columns) && !/^\|[ -]+\|/.test(line)) {
      sections.at(-1)?.rows.push(rowOf(columns, cellsOf(line)))
    }
  }
  return sections
}

function isListed(columns: readonly string[]): boolean {
  return columns[0] === 'function' || columns[0] === 'member'
}

/** A bar inside a cell is written `\|`. */
function cellsOf(line: string): readonly string[] {
  return line
    .slice(1, line.lastIndexOf('|'))
    .split(/(?<!\\)\|/)
    .map((cell) => cell.trim().replaceAll('\\|', '|'))
}

function rowOf(columns: readonly string[], [calls = '', ...rest]: readonly string[]): ReferenceRow {
  const named = rest.map((cell, index) => ({ name: columns[index + 1] ?? '', text: plain(cell) }))
  const [first, ...others] = named
  const isTyped = (first?.name === 'gives' || first?.name === 'type') && others.length > 0
  const said = (isTyped ? others : named).filter(({ text }) => text !== '')
  return {
    calls: [...calls.matchAll(/`([^`]+)`/g)].map(([, call = '']) => call),
    gives: isTyped ? (first?.text ?? '') : '',
    text: said
      .map(({ name, text }) => (name === '' || name === 'gives' ? text : `${name} ${text}`))
      .join(', '),
  }
}

/** Without links and emphasis; code stays in its back-ticks. */
function plain(text: string): string {
  return text.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1').replaceAll(/\*([^*`]+)\*/g, '$1')
}
