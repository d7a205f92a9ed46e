import { defineCommand, UsageError } from '../command';
import { table, writeJson, writeLine, writeText } from '../output';
import { limitArgument, limitOption, sandboxOf, sandboxOptions } from './sandbox-options';

/** Lists the staff, customers and groups of the corp in a running sandbox. */
export const people = defineCommand({
  name: 'people',
  summary: 'list the staff, customers and groups of the simulated corp',
  positionals: '[text]',
  description: 'With a text, only those whose id or name contains it.',
  options: { ...limitOption('of each kind'), ...sandboxOptions },
  examples: [
    ['wework-spec people', 'list everybody, with the ids for wework-spec say'],
    ['wework-spec people 张', 'list those whose name contains 张'],
  ],
  async run(context) {
    const { values, positionals, stdout } = context;
    const [search, ...more] = positionals;
    if (more.length > 0) throw new UsageError('people: expected at most one text');
    const query = {
      ...(search === undefined ? {} : { search }),
      ...limitArgument('people', values.limit),
    };
    const found = await (await sandboxOf(context)).send('people', query);
    if (values.json) {
      writeJson(stdout, found);
      return 0;
    }
    const rows = [
      ...found.staff.map(({ id, name, inScope }) => [
        'staff',
        id,
        name,
        inScope ? '' : 'not archived',
      ]),
      ...found.customers.map(({ id, name }) => ['customer', id, name, '']),
      ...found.groups.map(({ id, name, internal, members }) => [
        internal ? 'internal group' : 'group',
        id,
        name,
        `${members.length} members`,
      ]),
    ];
    writeText(stdout, table([['KIND', 'ID', 'NAME', ''], ...rows]));
    if (found.hasMore) writeLine(stdout, 'There are more; use a text or --limit.');
    return 0;
  },
});
