// What may import what. Each rule says why, in the words that the offender reads.
const { STAGES: stages } = require('./src/flow/stages.ts');
const TESTS = '/test-support/';

/** A stage may import those before it in src/flow/stages.ts; for each, the later ones are forbidden. */
const downstream = stages.slice(0, -1).map((stage, i) => ({
  name: `flow-runs-downhill-${stage}`,
  comment: `A stage never imports one below it in src/flow/stages.ts: hand the work over as a job or an event, and let app.ts connect the two.`,
  severity: 'error',
  from: { path: `^src/flow/${stage}/`, pathNot: TESTS },
  to: { path: `^src/flow/(${stages.slice(i + 1).join('|')})/` },
}));

const NETWORK = '^(node:)?(net|tls|http|https|http2|dgram|dns)$';

module.exports = {
  forbidden: [
    {
      name: 'model-is-pure',
      comment: 'model/ is vocabulary: it imports nothing of the house but itself. Put what needs more into the kernel or a stage.',
      severity: 'error',
      from: { path: '^src/model/', pathNot: TESTS },
      to: { path: '^src/', pathNot: '^src/model/' },
    },
    {
      name: 'kernel-knows-no-domain',
      comment: 'kernel/ could be lifted into another product: it imports kernel/, and of model/ only time, ids and what can be stored. Take the rest as an argument.',
      severity: 'error',
      from: { path: '^src/kernel/', pathNot: TESTS },
      to: { path: '^src/', pathNot: '^src/kernel/|^src/model/(time|ids|storable)\\.ts$' },
    },
    {
      name: 'scenario-is-figures',
      comment: 'src/scenario reads and checks recorded history: it imports model/ only, so that twins, replays and backtests can all use it.',
      severity: 'error',
      from: { path: '^src/scenario/', pathNot: TESTS },
      to: { path: '^src/', pathNot: '^src/(scenario|model)/' },
    },
    ...downstream,
    {
      name: 'stage-through-its-face',
      comment: 'A stage is reached through its index.ts only: what is not exported there is its own business.',
      severity: 'error',
      from: { path: '^src/(flow/([^/]+)/|desk/|edge/|cli/|app|main)', pathNot: TESTS },
      to: { path: '^src/flow/([^/]+)/', pathNot: ['^src/flow/[^/]+/index\\.ts$', '^src/flow/$2/'] },
    },
    {
      name: 'stage-knows-no-venue',
      comment: 'A stage knows the outside world as port types that it defines itself (ports.ts); app.ts gives it the client.',
      severity: 'error',
      from: { path: '^src/(flow|desk)/', pathNot: TESTS },
      to: { path: '^src/(venues|edge|app|cli)' },
    },
    {
      name: 'venue-knows-only-ports',
      comment: 'A venue speaks a protocol: it may import the types of a stage\'s ports.ts, the kernel and the model, nothing else of the flow.',
      severity: 'error',
      from: { path: '^src/venues/', pathNot: TESTS },
      to: { path: '^src/(flow|desk|edge|app|cli)', pathNot: '^src/flow/[^/]+/ports\\.ts$' },
    },
    {
      name: 'flow-knows-no-desk',
      comment: 'No stage knows the desk: raise an event, and the desk opens the incident.',
      severity: 'error',
      from: { path: '^src/flow/', pathNot: TESTS },
      to: { path: '^src/desk/' },
    },
    {
      name: 'network-at-the-edge',
      comment: 'Only venues/, edge/ and the kernel open sockets: everything else asks them.',
      severity: 'error',
      from: { path: '^src/(model|flow|desk|scenario|cli)/', pathNot: TESTS },
      to: { path: [NETWORK, '^node_modules/(undici|ws|ioredis|pg|fastify|@fastify)/'], dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'pg-in-the-database-room',
      comment: 'Only the kernel speaks to Postgres by its own protocol (kernel/database, and LISTEN and the queue): ask for a Database.',
      severity: 'error',
      from: { path: '^src/', pathNot: ['^src/kernel/(database|jobs|events)/', TESTS] },
      to: { path: '^node_modules/pg/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'nobody-imports-the-roof',
      comment: 'app.ts and edge/ know everybody, so nobody knows them but main.ts, the command line and app.ts itself.',
      severity: 'error',
      from: { path: '^src/', pathNot: ['^src/(app|main)\\.ts$', '^src/(app|edge|cli)/', TESTS] },
      to: { path: '^src/(app\\.ts|app/|edge/|cli/|main\\.ts)' },
    },
    {
      name: 'no-cycles',
      comment: 'Two files that need each other are one thing in two halves: join them, or give the shared part a file of its own.',
      severity: 'error',
      from: { path: '^src/' },
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'no-orphans',
      comment: 'Nobody imports this file: delete it, or use it.',
      severity: 'error',
      from: { orphan: true, path: '^src/', pathNot: '^src/(main|flow/stages)\\.ts$' },
      to: {},
    },
  ],
  options: {
    parser: 'swc',
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    // Tests may import what they test, and the parser does not know `await using`.
    exclude: { path: '\\.test\\.ts$|^(test|bench)/' },
    enhancedResolveOptions: { extensions: ['.ts', '.mjs', '.js', '.json'], exportsFields: ['exports'], conditionNames: ['import', 'node', 'default'] },
  },
};
