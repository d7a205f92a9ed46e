// The house: which room may import which. `npm run lint` checks it; `npm run house` draws the rooms into
// docs/architecture.md, from the imports themselves.
//
// A room is a folder. Its files may import the rooms that it lists and nothing else. A room lists only rooms above it in
// its list here, which lie below it in the house: so arrows point down and no circle of rooms can close.

/** @type {Record<string, string[]>} lib/, from the bottom to the top */
const lib = {
  errors: [],
  common: ['errors'],
  interfaces: ['errors', 'common'],
  binding: ['errors', 'common'],
  sdk: ['errors', 'common', 'binding'],
  zone: ['errors', 'common', 'interfaces', 'sdk'],
  program: ['errors', 'common', 'interfaces', 'sdk', 'zone'],
  sandbox: ['errors', 'common', 'interfaces'],
  'tools/vendor-build': ['errors', 'common', 'binding'],
  'tools/diagnosis': ['errors', 'common', 'binding', 'tools/vendor-build'],
  'tools/cli': [
    ...['errors', 'common', 'interfaces', 'binding', 'sdk', 'sandbox'],
    ...['tools/vendor-build', 'tools/diagnosis'],
  ],
};

/** @type {Record<string, string[]>} lib/program/; program.ts and runtime.ts, which put the rooms together, lie above all of them */
const program = {
  observe: [],
  store: [],
  handlers: ['observe', 'store'],
  relay: ['observe', 'store', 'handlers'],
  jobs: ['observe', 'store', 'handlers'],
  dispatch: ['observe', 'handlers', 'jobs'],
  server: ['observe', 'handlers', 'dispatch'],
};

/** @type {Record<string, string[]>} lib/sandbox/; platform.ts and zone-sandbox.ts, which put the rooms together, lie above all but the test kit */
const sandbox = {
  common: [],
  corp: ['common'],
  wire: ['common'],
  models: ['corp'],
  state: ['common', 'corp', 'models'],
  faults: ['common', 'wire'],
  programs: ['common', 'wire', 'state', 'faults'],
  logs: ['programs'],
  interfaces: ['common', 'corp', 'wire', 'models', 'state', 'programs'],
  application: ['common', 'wire', 'state', 'faults', 'programs', 'interfaces'],
  control: ['common', 'state', 'faults', 'programs', 'logs'],
  platform: [
    ...[
      'common',
      'corp',
      'wire',
      'state',
      'faults',
      'programs',
      'logs',
      'interfaces',
      'application',
    ],
    'options.ts',
  ],
  testing: ['programs', 'options.ts', 'zone-sandbox.ts'],
};

const path = (room) => `^lib/${room}${room.endsWith('.ts') ? '$' : '/'}`;

/** The rules of the rooms of a part of the house. */
const rulesOf = (rooms, part = '') =>
  Object.entries(rooms).map(([room, allowed]) => ({
    name: `room-${part}${room}`,
    comment: `lib/${part}${room} may import ${allowed.map((name) => `lib/${part}${name}`).join(', ') || 'no room beside it'}.`,
    severity: 'error',
    from: { path: path(part + room) },
    to: { path: `^lib/${part}`, pathNot: [room, ...allowed].map((name) => path(part + name)) },
  }));

module.exports = {
  forbidden: [
    {
      name: 'no-circle',
      comment:
        'Two files that import each other, types included, belong together or need a third one below.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    ...rulesOf(lib),
    ...rulesOf(program, 'program/'),
    ...rulesOf(sandbox, 'sandbox/'),
    {
      name: 'every-folder-is-a-room',
      comment: 'A new folder needs a line in one of the lists above.',
      severity: 'error',
      from: {},
      to: {
        path: '^lib/(?:(?:program|sandbox)/)?[^/]+/',
        pathNot: [
          ...Object.keys(lib)
            .filter((room) => room !== 'program' && room !== 'sandbox')
            .map(path),
          ...Object.keys(program).map((room) => path(`program/${room}`)),
          ...Object.keys(sandbox).map((room) => path(`sandbox/${room}`)),
          '^lib/(?:program|sandbox)/[^/]+$',
        ],
      },
    },
    {
      name: 'entry-imports-public-rooms',
      comment:
        'lib/index.ts names what the package exports; the sandbox and the command have entries of their own.',
      severity: 'error',
      from: { path: '^lib/index\\.ts$' },
      to: {
        path: '^lib/',
        pathNot: ['errors', 'interfaces', 'sdk', 'zone', 'program'].map(path),
      },
    },
    {
      name: 'resolvable',
      comment: 'An import that leads nowhere.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    // TypeScript 7 has no compiler API in JavaScript.
    parser: 'swc',
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: { extensions: ['.ts', '.d.ts', '.js', '.json'] },
  },
};
