import { repeatedly } from '../core/deadline.ts';
import { together } from '../core/dispose.ts';
import type { Probe, ProbeContext } from '../core/kinds/probe.ts';
import type { ReportedRole, RoleSource } from '../core/kinds/role-source.ts';
import { containerName } from '../core/topology/aim.ts';
import { vantageOf } from '../core/topology/witness.ts';
import { roleSources } from '../roles/index.ts';

/** Receives what a member says of itself, and when it was asked. */
type Report = (member: string, t: number, reported: ReportedRole) => void;

/** Returns a function that records each change of a member's report. */
function changes(group: string, { emit }: ProbeContext): Report {
  const last = new Map<string, string>();
  return (member, t, reported) => {
    const now = JSON.stringify(reported);
    if (last.get(member) === now) return;
    last.set(member, now);
    emit({ t, kind: 'role', group, member, ...reported });
  };
}

/** Starts to ask the members of a group. */
async function ask(
  source: RoleSource,
  members: readonly string[],
  report: Report,
  ctx: ProbeContext,
): Promise<AsyncDisposable> {
  const { run, topology, clock } = ctx;
  const [first = ''] = members;
  const { everyMs } = source;
  if ('question' in source) {
    const { question, read } = source;
    const questions = members.map((member) => ({ ...question, id: member, host: member, everyMs }));
    const vantage = vantageOf(topology.spec, first);
    return topology.witnesses.witness(vantage, run, questions, (answer) => report(answer.id, answer.t, read(answer)));
  }
  const asked = members.map((member) =>
    repeatedly(everyMs, async () => {
      const t = clock.now();
      const command = source.command(containerName(topology.spec, member, 1));
      report(member, t, source.read(await topology.ask(command).catch(() => undefined)));
    }),
  );
  return together(asked);
}

const probe: Probe = {
  name: 'roles',
  summary: 'The role of each member of a group, as the member says. Each change is recorded.',
  requires: ['roles'],
  async start(ctx) {
    const { groups, roles } = ctx.topology.spec;
    const started = Object.entries(groups).flatMap(([group, members]) => {
      const source = roleSources.find(({ name }) => name === roles?.[group]);
      return source === undefined ? [] : [ask(source, members, changes(group, ctx), ctx)];
    });
    return together(await Promise.all(started));
  },
};
export default probe;
