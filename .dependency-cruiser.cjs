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
  program: ['errors', 'common', 'interfaces', 'binding', 'sdk', 'zone'],
  sandbox: ['errors', 'common', 'interfaces'],
  'tools/vendor-build': ['errors', 'common', 'binding'],
  'tools/diagnosis': ['errors', 'common', 'binding', 'program', 'tools/vendor-build'],
  'tools/image': ['errors', 'common', 'binding', 'tools/diagnosis'],
  'tools/create': [],
  'tools/cli': [
    ...['errors', 'common', 'interfaces', 'binding', 'sdk', 'program', 'sandbox'],
    ...['tools/vendor-build', 'tools/diagnosis', 'tools/image', 'tools/create'],
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
  state: ['common', 'corp'],
  faults: ['common', 'wire'],
  programs: ['common', 'wire', 'state', 'faults'],
  logs: ['programs'],
  interfaces: ['common', 'corp', 'wire', 'models', 'state', 'programs'],
  application: ['common', 'wire', 'faults', 'programs', 'interfaces'],
  control: ['common', 'corp', 'wire', 'state', 'faults', 'programs', 'logs', 'interfaces'],
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
  testing: ['wire', 'programs', 'options.ts', 'zone-sandbox.ts'],
};

/** @type {Record<string, string[]>} lib/sandbox/interfaces/: a room for each family, its store beside its handlers; zone-state.ts and registry.ts, which put the families together, lie above all of them */
const interfaces = {
  common: [],
  archive: ['common'],
  search: ['common'],
  rules: ['common', 'archive'],
  media: [],
  masking: ['common'],
  notifications: ['common'],
  exports: ['common', 'media'],
  knowledge: ['common', 'media'],
  models: ['common', 'knowledge'],
  'own-programs': ['common', 'knowledge', 'models'],
};

/** The parts of the house that have rooms of their own. */
const parts = {
  '': lib,
  'program/': program,
  'sandbox/': sandbox,
  'sandbox/interfaces/': interfaces,
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
    ...Object.entries(parts).flatMap(([part, rooms]) => rulesOf(rooms, part)),
    {
      name: 'every-folder-is-a-room',
      comment:
        'A new folder needs a line in one of the lists of .dependency-cruiser.cjs; then run npm run house.',
      severity: 'error',
      from: {},
      to: {
        path: '^lib/[^/]+/',
        pathNot: Object.entries(parts).flatMap(([part, rooms]) => [
          `^lib/${part}[^/]+$`,
          // A part that is itself a room of another part has rooms, not folders of its own choice.
          ...Object.keys(rooms)
            .filter((room) => !Object.hasOwn(parts, `${part}${room}/`))
            .map((room) => path(part + room)),
        ]),
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
