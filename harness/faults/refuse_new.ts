import { z } from 'zod';
import { containerName } from '../core/aim.ts';
import { onNew, onOld, split, tally, tooLittle, usedBefore } from '../core/evidence.ts';
import { defineFault, type Evidence } from '../core/fault.ts';
import { linkObserver, linkOf } from '../core/link.ts';
import { link } from '../core/schema.ts';

/** Deletes a rule that may not be there: 1 says so, and all else is a failure to look. */
const DELETE = `iptables -w 5 -C "$@" 2>/dev/null; case $? in 0) iptables -w 5 -D "$@";; 1) ;; *) exit 4;; esac`;

export default defineFault({
  name: 'refuse_new',
  summary: 'Refuses new connections on one link; those that are open live on.',
  params: z.strictObject({ link }),
  example: { link: 'app-to-primary' },
  aims: ({ link }) => ({ link }),
  undoes: ({ link }) => `delete the rule against new connections on ${link}`,
  observers: ({ link }, spec) => [linkObserver(spec, link), linkObserver(spec, link, { kind: 'held' })],
  // No toxic can tell new connections from open ones: a rule where the link is listened on does.
  async inject({ id, params, topology, undo }) {
    const { host, port } = linkOf(topology.spec, params.link);
    const beside = containerName(topology.spec, host, 1);
    const mark = ['-m', 'comment', '--comment', `chaos:${id}`];
    const rule = [
      'INPUT',
      '-p',
      'tcp',
      '--dport',
      `${port}`,
      '--syn',
      ...mark,
      '-j',
      'REJECT',
      '--reject-with',
      'tcp-reset',
    ];
    await undo({ do: 'command', command: { beside, run: ['sh', '-c', DELETE, 'delete', ...rule] } });
    await topology.act({ beside, run: ['iptables', '-w', '5', '-A', ...rule] });
    return [params.link];
  },
  prove(record): Evidence {
    const made = split(onNew(record));
    const held = onOld(record);
    const doubt = tooLittle(record, made) ?? tooLittle(record, held) ?? usedBefore(made) ?? usedBefore(held);
    if (doubt !== undefined) return doubt;
    const refused = made.during.filter((o) => o.error === 'ECONNREFUSED').length;
    const alive = held.during.filter((o) => o.ok).length;
    const evidence =
      `new connections refused: ${refused} of ${made.during.length} (before: ${tally(made.before)}; during: ${tally(made.during)}); ` +
      `the one held open lived in ${alive} of ${held.during.length} looks`;
    const bites = refused >= made.during.length * 0.9 && alive >= held.during.length * 0.9;
    return { effective: bites ? 'effective' : 'not effective', evidence };
  },
});
