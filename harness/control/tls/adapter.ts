import type { Command } from '../../core/topology/command.ts';
import { issueCertificate, putBack, type Replaceable } from '../../kit/acts/certificate.ts';
import type { Adapter } from '../adapter.ts';
import { pemOf, whatIsWrong } from './certificate.ts';

/** A certificate that the audit issues is valid for this long, in seconds: longer than any topology is up. */
const LASTS_S = 10 * 365 * 86_400;

/** The property of a container in a snapshot. look.pl reads its value. */
const propertyOf = ({ certificate }: Replaceable): string => `certificate ${certificate.file}`;

/** The certificate of the entry over TLS: whether it is sound, and the certificate from before the first fault. */
export const tls = (entry: Replaceable, act: (command: Command) => Promise<unknown>): Adapter => ({
  async left({ containers, host }) {
    const { values } = await host;
    return containers.flatMap(({ name, service }) => {
      const seen = service === entry.service ? values[name]?.[propertyOf(entry)] : undefined;
      const wrong = seen === undefined ? undefined : whatIsWrong(seen, entry.name);
      if (wrong === undefined) return [];
      const command = issueCertificate(name, entry.certificate, { name: entry.name, from: 0, to: LASTS_S });
      return { kind: 'bad certificate', target: `${entry.certificate.file} in ${name} ${wrong}`, command };
    });
  },

  async giveBack(before, { containers }) {
    for (const { name, service } of containers) {
      const was = service === entry.service ? before[name]?.[propertyOf(entry)] : undefined;
      if (was !== undefined) await act(putBack(name, entry.certificate, pemOf(was))).catch(() => undefined);
    }
  },
});
