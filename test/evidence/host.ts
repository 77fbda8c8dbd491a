import { execFileSync } from 'node:child_process';
import { cpus, release, totalmem } from 'node:os';
import { ROOT } from '../helpers/chaos.ts';

/**
 * "Measured on <date> at commit <commit> with `command` on <host>", for a page of figures. `about`: what else a reader must
 * know about the measurement, as a sentence.
 */
export function measuredOn(command: string, about = 'The load generator and the topology share the host.'): string {
  const host = `${cpus().length} cores (${cpus()[0]?.model ?? 'unknown'}), ${Math.round(totalmem() / 2 ** 30)} GiB, Linux ${release()}`;
  const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: ROOT, encoding: 'utf8' }).trim();
  return `Measured on ${new Date().toISOString().slice(0, 10)} at commit ${commit} with \`${command}\` on ${host}. ${about}`;
}
