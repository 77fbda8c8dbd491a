import { cpus, release, totalmem } from 'node:os';

/** "Measured on <date> by `command` on <host>", for a page of figures. */
export function measuredOn(command: string): string {
  const host = `${cpus().length} cores (${cpus()[0]?.model ?? 'unknown'}), ${Math.round(totalmem() / 2 ** 30)} GiB, Linux ${release()}`;
  return `Measured on ${new Date().toISOString().slice(0, 10)} by \`${command}\` on ${host}; generator and topology share the host.`;
}
