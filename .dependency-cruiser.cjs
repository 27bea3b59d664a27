/**
 * Which package may import which: the one table, checked by `npm run check`.
 *
 * A new edge needs a decision record. Programs (`picloud*`) wire everything and hold no rules;
 * cores meet only in `shared` and `storage`.
 */
const ALLOWED = {
  shared: [],
  rhai: [],
  storage: ['shared'],
  'api-client': ['shared'],
  'executor-core': ['shared', 'rhai'],
  'orchestrator-core': ['shared', 'storage'],
  'host-services': ['shared', 'storage'],
  'manager-core': ['shared', 'storage', 'rhai'],
  'picloud-program': ['shared'],
  picloud: [
    'shared',
    'api-client',
    'rhai',
    'storage',
    'executor-core',
    'host-services',
    'orchestrator-core',
    'manager-core',
    'picloud-program',
  ],
  'picloud-manager': ['shared', 'storage', 'manager-core', 'picloud-program'],
  'picloud-orchestrator': [
    'shared',
    'storage',
    'orchestrator-core',
    'executor-core',
    'picloud-program',
  ],
  'picloud-executor': [
    'shared',
    'storage',
    'orchestrator-core',
    'executor-core',
    'host-services',
    'picloud-program',
  ],
}

const TESTS = '(\\.test|\\.contract)\\.ts$|/test/|/testing/'

module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      comment: 'A cycle means two files are one concept, or a third is missing.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'no-orphans',
      comment: 'A file nobody imports is either an entry point or dead.',
      severity: 'error',
      from: {
        orphan: true,
        pathNot: [TESTS, '/src/index\\.ts$', '^scripts/', '^bench/', '^e2e/', '^generate/'],
      },
      to: {},
    },
    ...Object.entries(ALLOWED).map(([name, allowed]) => ({
      name: `edges-of-${name}`,
      comment: `${name} may import only: ${allowed.join(', ') || 'no other package'}.`,
      severity: 'error',
      from: { path: `^packages/${name}/`, pathNot: TESTS },
      to: {
        path: '^packages/',
        pathNot: [name, ...allowed].map((other) => `^packages/${other}/`),
      },
    })),
    {
      name: 'packages-by-name',
      comment: 'Import another package by its name, never by a path into it.',
      severity: 'error',
      from: { path: '^packages/([^/]+)/' },
      to: { path: '^packages/', pathNot: '^packages/$1/', dependencyTypes: ['local'] },
    },
    {
      name: 'environment-only-in-programs',
      comment: 'Cores are handed what they need; only programs choose implementations.',
      severity: 'error',
      from: { path: '^packages/(?!picloud)', pathNot: TESTS },
      to: { path: '^packages/picloud' },
    },
    {
      name: 'runs-anywhere',
      comment: 'The language, the shared words and the client of the API run in Node and browser.',
      severity: 'error',
      from: { path: '^packages/(rhai|shared|api-client)/src/', pathNot: TESTS },
      to: { dependencyTypes: ['core'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)(dist|build|node_modules|\\.svelte-kit)/' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['@picloud/source', 'import', 'types', 'node', 'default'],
      extensions: ['.ts', '.mjs', '.cjs', '.js'],
    },
  },
}
