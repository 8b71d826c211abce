/**
 * Who may import whom. tests/unit/import-rules.test.ts plants a violation of every rule and sees it caught.
 *
 * @type {import('dependency-cruiser').IConfiguration & Required<Pick<import('dependency-cruiser').IConfiguration, 'forbidden'>>}
 */
export default {
  forbidden: [
    {
      name: 'domain-knows-only-zod',
      comment: 'The domain is data and pure functions: no I/O, no clock, no other layer.',
      severity: 'error',
      from: { path: '^src/domain/' },
      to: { pathNot: ['^src/domain/', '(^|/)node_modules/zod/'] },
    },
    {
      name: 'application-knows-only-the-domain',
      comment: 'Use cases stand on the domain and on ports; what implements a port is handed in by src/composition.',
      severity: 'error',
      from: { path: '^src/application/' },
      to: {
        pathNot: ['^src/(domain|application)/', '(^|/)node_modules/zod/'],
        dependencyTypesNot: ['core'],
      },
    },
    {
      name: 'application-does-no-io',
      comment: 'Files, processes, sockets and threads are reached through a port.',
      severity: 'error',
      from: { path: '^src/application/' },
      to: {
        dependencyTypes: ['core'],
        path: '^(node:)?(child_process|cluster|dgram|dns|fs|http|http2|https|net|readline|repl|sqlite|tls|tty|worker_threads)(/|$)',
      },
    },
    {
      name: 'adapters-stay-apart',
      comment:
        'Each folder of src/infrastructure, and each of src/infrastructure/agents, is one adapter. What two share is a port.',
      severity: 'error',
      from: { path: '^src/infrastructure/((?:agents/)?[^/]+)/' },
      to: { path: '^src/infrastructure/', pathNot: '^src/infrastructure/$1/' },
    },
    {
      name: 'infrastructure-knows-no-interface',
      severity: 'error',
      from: { path: '^src/infrastructure/' },
      to: { path: '^src/interfaces/' },
    },
    {
      name: 'interfaces-know-no-infrastructure',
      comment: 'An interface translates to and from use cases; it never picks an adapter.',
      severity: 'error',
      from: { path: '^src/interfaces/' },
      to: { path: '^src/infrastructure/' },
    },
    {
      name: 'cli-stays-out-of-the-server',
      comment:
        'The CLI talks to the server over the typed client: types are welcome, code would slow every command down.',
      severity: 'error',
      from: { path: '^src/interfaces/cli/' },
      to: {
        path: ['^src/application/', '^src/interfaces/(?!cli/|client/)'],
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'client-stays-out-of-the-server',
      comment: 'The published client carries the type of the router and none of its code, nor the CLI.',
      severity: 'error',
      from: { path: '^src/interfaces/client/' },
      to: {
        path: ['^src/application/', '^src/interfaces/(?!client/)'],
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'only-the-composition-root-knows-everything',
      comment:
        'src/main.ts, src/worker.ts, src/restore.ts, src/daemon.ts and src/composition put the layers together; what stands beside them serves every layer.',
      severity: 'error',
      from: { path: '^src/([^/]+$|home/)', pathNot: '^src/(daemon|main|worker|restore)\\.ts$' },
      to: { path: '^src/(infrastructure|interfaces)/' },
    },
    {
      name: 'nothing-imports-the-composition-root',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/((daemon|main|worker|restore)\\.ts$|composition/)' },
      to: { path: '^src/((daemon|main|worker|restore)\\.ts$|composition/)' },
    },
    {
      name: 'jobs-run-in-the-worker',
      comment:
        'The table of jobs brings along what is too heavy for the main thread, which knows only its type and asks for a job by name.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/worker\\.ts$' },
      to: { path: '^src/(worker|composition/worker-jobs)\\.ts$', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'src-imports-only-src',
      comment: 'Tests and scripts are not part of the package.',
      severity: 'error',
      from: { path: '^src/' },
      to: { dependencyTypes: ['local'], pathNot: '^src/' },
    },
    {
      name: 'no-dev-dependency',
      comment: 'A user of the package does not have it. (Types alone are erased.)',
      severity: 'error',
      from: { path: '^src/' },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'], pathNot: '(^|/)node_modules/@types/' },
    },
    {
      name: 'no-undeclared-package',
      comment: 'A package that only another package asked for may be gone tomorrow.',
      severity: 'error',
      from: {},
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
    },
    {
      name: 'no-unresolvable',
      comment: 'An import that cannot be resolved would slip through every other rule.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: 'no-deprecated-core',
      severity: 'error',
      from: {},
      to: { dependencyTypes: ['core'], path: '^(node:)?(_[a-z_]+|constants|domain|punycode|sys)$' },
    },
    {
      name: 'no-circular',
      comment: 'Two files that need each other are one file, or three.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'no-orphans',
      comment: 'A file that neither imports nor is imported is left over.',
      severity: 'error',
      from: { orphan: true, path: '^src/', pathNot: '\\.d\\.ts$' },
      to: {},
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default'] },
  },
};
