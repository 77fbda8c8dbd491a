import { MemoryTopology } from './doubles/topology.ts';
import { SPEC } from './doubles/topology.ts';
import { holdDay } from './gameday.ts';
import { plannedInject } from './samples/gameday.ts';
import { partsOf } from './samples/session.ts';
import { serve } from './web-server.ts';

// Holds a game day on a topology in memory until it is killed. It prints a line of JSON when its server can be asked.
const [dir = '', state = '', reports = ''] = process.argv.slice(2);
const entry = await serve((_, response) => response.end('ok'));
const spec = { ...SPEC, entry: entry.url };
const parts = partsOf(new MemoryTopology(), spec, { state, reports });
const { url, tokens } = await holdDay({
  parts,
  spec,
  dir,
  injects: [plannedInject(1, 'announced'), plannedInject(2, 'hidden', 'disk')],
});
process.stdout.write(`${JSON.stringify({ url, tokens })}\n`);
