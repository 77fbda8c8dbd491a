import { readFileSync } from 'node:fs';
import { ChaosError } from '../../core/errors.ts';
import { putCertificateBack } from '../../kit/acts/certificate.ts';
import { endMarked } from '../../kit/acts/marked.ts';
import { goOn, lowerOomScore, raiseNofile, USUAL_NOFILE } from '../../kit/acts/processes.ts';
import { unconfigure } from '../../kit/acts/replication.ts';
import type { TopologySpec } from '../../core/topology/spec.ts';
import { setWriteLimit } from '../../kit/acts/write-limit.ts';
import type { HostReading, Left } from '../adapter.ts';
import type { Helpers } from '../docker/helpers.ts';

const SCRIPT = readFileSync(new URL('./look.pl', import.meta.url), 'utf8');

/**
 * Asks the host's kernel what faults left in containers, and for every value that a fault can change. One reading
 * serves all containers, and no container has to answer. `names`: the container's name, by the number of its main
 * process on the host. `file`: the path of Redis' configuration file in its container, '' for none. Throws
 * CHAOS_COMMAND when the script fails.
 */
export async function lookFromHost(
  helpers: Helpers,
  { project, toolsImage: image, tls }: TopologySpec,
  names: ReadonlyMap<number, string>,
  file: string,
): Promise<HostReading> {
  if (names.size === 0) return { left: [], values: {}, settings: {} };
  const certificate = tls?.certificate?.file ?? '';
  const run = ['perl', '-e', SCRIPT, file, certificate, ...[...names.keys()].map(String)];
  const { code, stdout, stderr } = await helpers.once({ image, project, run, as: 'host' });
  if (code === 0) return readLook(stdout, names);
  throw new ChaosError('CHAOS_COMMAND', {
    what: `reading the host's kernel ended with exit code ${code}: ${stderr.slice(-300)}`,
    hint: 'Is the tools image built (`chaos setup`)? Without this reading nobody knows what faults left.',
    exit: 'error',
    facts: { code },
  });
}

/** Parses what look.pl printed. Skips a line whose main process has no name in `names`. */
export function readLook(text: string, names: ReadonlyMap<number, string>): HostReading {
  const left: Left[] = [];
  const settings: Record<string, Record<string, string>> = {};
  const values: Record<string, Record<string, string>> = {};
  for (const line of text.split('\n')) {
    const [pid, kind = '', one = '', two = ''] = line.split('\t');
    const name = names.get(Number(pid));
    if (name === undefined) continue;
    if (kind === 'setting') (settings[name] ??= {})[one] = two;
    else if (kind === 'value') (values[name] ??= {})[one] = two;
    else left.push(...leftOf(name, kind, one, two));
  }
  return { left, values, settings };
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
      return [{ kind: 'changed limits', target, command: raiseNofile(name) }];
    }
    case 'first to go':
      return [{ kind: 'raised OOM score', target: `process ${one} of ${name}`, command: lowerOomScore(name) }];
    case 'file':
      return [{ kind: 'file', target: `${one} in ${name}`, command: { in: name, run: ['rm', '-f', one] } }];
    case 'configuration': {
      const target = `line of ${two} in ${one} of ${name}`;
      return [{ kind: 'changed setting', target, command: unconfigure(name, one, two) }];
    }
    case 'certificate':
      return [{ kind: 'replaced certificate', target: `${one} in ${name}`, command: putCertificateBack(name, one) }];
    case 'read-only folder': {
      // Redis accepts writes again only after a snapshot has succeeded.
      const run = ['sh', '-c', `chmod u+w ${one}; redis-cli BGSAVE`];
      return [{ kind: 'read-only folder', target: `${one} in ${name}`, command: { in: name, run } }];
    }
    default:
      return [];
  }
}
