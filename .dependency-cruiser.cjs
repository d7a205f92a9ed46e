// The house: which room may import which. `npm run lint` checks it, docs/architecture.md has the drawing made from the
// imports (`npm run house`). A room is a folder; what it lists, and nothing else, may be imported by the files in it. Since
// every list names rooms further up in this file only, no arrow points up and no circle can close between rooms.

/** @type {Record<string, string[]>} the rooms of lib/, from the bottom to the top */
const lib = {
  errors: [],
  common: ['errors'],
  interfaces: ['errors', 'common'],
  binding: ['errors', 'common'],
  sdk: ['errors', 'common', 'binding'],
  zone: ['errors', 'common', 'interfaces', 'sdk'],
  program: ['errors', 'common', 'interfaces', 'sdk', 'zone'],
  sandbox: ['errors', 'common', 'interfaces'],
  'tools/diagnosis': ['errors', 'common', 'binding', 'tools/vendor-build'],
  'tools/vendor-build': ['errors', 'common', 'binding'],
  'tools/cli': [
    ...['errors', 'common', 'interfaces', 'binding', 'sdk', 'sandbox'],
    ...['tools/diagnosis', 'tools/vendor-build'],
  ],
};

const path = (room) => `^lib/${room}/`;

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
    ...Object.entries(lib).map(([room, allowed]) => ({
      name: `room-${room}`,
      comment: `lib/${room} may import ${allowed.map((name) => `lib/${name}`).join(', ') || 'no other room'}.`,
      severity: 'error',
      from: { path: path(room) },
      to: { path: '^lib/', pathNot: [room, ...allowed].map(path) },
    })),
    {
      name: 'every-folder-is-a-room',
      comment: 'A new folder in lib/ needs a line in the list above.',
      severity: 'error',
      from: {},
      to: { path: '^lib/[^/]+/', pathNot: Object.keys(lib).map(path) },
    },
    {
      name: 'entry-imports-public-rooms',
      comment:
        'lib/index.ts names what the package exports; the sandbox and the tools have entries of their own.',
      severity: 'error',
      from: { path: '^lib/index\\.ts$' },
      to: { path: '^lib/', pathNot: ['errors', 'interfaces', 'sdk', 'zone', 'program'].map(path) },
    },
    {
      name: 'resolvable',
      comment: 'An import that leads nowhere, or to a package that package.json does not name.',
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
