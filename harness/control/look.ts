import { readFileSync } from 'node:fs';
import type { Command } from '../core/command.ts';
import { ChaosError } from '../core/errors.ts';
import { endMarked } from '../core/acts/marked.ts';
import { goOn, lowerOomScore, raiseNofile, USUAL_NOFILE } from '../core/acts/processes.ts';
import { unconfigure } from '../core/acts/replication.ts';
import type { TopologySpec } from '../core/topology.ts';
import { setWriteLimit } from '../core/acts/write-limit.ts';
import type { Helpers } from './helpers.ts';

const SCRIPT = readFileSync(new URL('./look.pl', import.meta.url), 'utf8');

/** Something that is left of a fault, and the command that takes it back. */
export interface Left {
  readonly kind: string;
  readonly target: string;
  readonly command: Command;
}

/** What one look from the host told: what is left, and the settings in Redis' own file by the container's name. */
export interface Seen {
  readonly left: readonly Left[];
  readonly settings: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/**
 * Asks the host's kernel what faults left in containers, by their names and main processes: no container has to answer,
 * and one look is for all. `file` is Redis' configuration file in its container.
 */
export async function lookFromHost(
  helpers: Helpers,
  { project, toolsImage: image }: TopologySpec,
  names: ReadonlyMap<number, string>,
  file: string,
): Promise<Seen> {
  if (names.size === 0) return { left: [], settings: {} };
  const run = ['perl', '-e', SCRIPT, file, ...[...names.keys()].map(String)];
  const { code, stdout, stderr } = await helpers.once({ image, project, run, as: 'host' });
  if (code === 0) return readLook(stdout, names);
  throw new ChaosError('CHAOS_COMMAND', {
    what: `the look from the host ended with ${code}: ${stderr.slice(-300)}`,
    hint: 'Is the tools image built (`chaos setup`)? Without the look nobody can say what is left.',
    exit: 'error',
    facts: { code },
  });
}

/** What the look printed. A line about a process that is nobody's tells nothing. */
export function readLook(text: string, names: ReadonlyMap<number, string>): Seen {
  const left: Left[] = [];
  const settings: Record<string, Record<string, string>> = {};
  for (const line of text.split('\n')) {
    const [pid, kind = '', one = '', two = ''] = line.split('\t');
    const name = names.get(Number(pid));
    if (name === undefined) continue;
    if (kind === 'setting') (settings[name] ??= {})[one] = two;
    else left.push(...leftOf(name, kind, one, two));
  }
  return { left, settings };
}

function leftOf(name: string, kind: string, one: string, two: string): Left[] {
  switch (kind) {
    case 'rule': {
      const run = ['sh', '-c', `iptables -w 2 -t ${one} -D ${two}`];
      return [{ kind: 'network rule', target: `${two} in ${name}`, command: { beside: name, run } }];
    }
    case 'queue': {
      const run = ['tc', 'qdisc', 'del', 'dev', one, 'root'];
      return [{ kind: 'network rule', target: `queue of ${one} in ${name}`, command: { beside: name, run } }];
    }
    case 'write limit': {
      const command = setWriteLimit(name, { disk: one, perSecond: 0 });
      return [{ kind: 'slow disk', target: `${two} writes a second to ${one} by ${name}`, command }];
    }
    case 'process':
      return [
        {
          kind: 'process of a fault',
          target: `${one} in ${name}`,
          command: endMarked(name, one, two === '0' ? undefined : two),
        },
      ];
    case 'standing still':
      return [{ kind: 'stopped process', target: `${two} (${one}) in ${name}`, command: goOn(name) }];
    case 'few files': {
      const target = `${one} processes of ${name} with fewer than ${USUAL_NOFILE} descriptors`;
      return [{ kind: 'changed limits', target, command: raiseNofile(name, USUAL_NOFILE - 1) }];
    }
    case 'first to go':
      return [{ kind: 'raised OOM score', target: `process ${one} of ${name}`, command: lowerOomScore(name) }];
    case 'file':
      return [{ kind: 'file', target: `${one} in ${name}`, command: { in: name, run: ['rm', '-f', one] } }];
    case 'configuration': {
      const target = `line of ${two} in ${one} of ${name}`;
      return [{ kind: 'changed setting', target, command: unconfigure(name, one, two) }];
    }
    case 'read-only folder': {
      // A snapshot that succeeds is what makes Redis trust its disk again.
      const run = ['sh', '-c', `chmod u+w ${one}; redis-cli BGSAVE`];
      return [{ kind: 'read-only folder', target: `${one} in ${name}`, command: { in: name, run } }];
    }
    default:
      return [];
  }
}
