/**
 * What `picloud start` prints once everything runs: where to go next.
 *
 * @module
 */

export interface BannerFacts {
  readonly version: string
  readonly url: string
  readonly setupUrl: string | null
  readonly dataDir: string
  readonly database: string
}

export function banner(facts: BannerFacts): string {
  const rows: readonly (readonly [string, string])[] = [
    ['endpoints', `${facts.url}/`],
    ['dashboard', `${facts.url}/admin`],
    ...(facts.setupUrl === null ? [] : ([['set up', `${facts.setupUrl}   (works once)`]] as const)),
    ['data', `${facts.dataDir} (${facts.database})`],
  ]
  return [
    `PiCloud ${facts.version} is running`,
    '',
    ...rows.map(([name, value]) => `  ${name.padEnd(11)}${value}`),
    '',
    'Press Ctrl-C to stop.',
    '',
  ].join('\n')
}
