import { sha256 } from '../../../harness/core/certificate/envelope.ts';
import { verifyCertificate } from '../../../harness/core/certificate/verify/verify.ts';
import { certificateFile, EVIDENCE, HOUR_MS, ISSUED, KEYS } from '../../helpers/samples/certificate.ts';
import { FORGERIES } from '../../unit/core/certificate/forgeries.ts';
import { row } from '../figures.ts';

const TIMES = 20;

/** Verifies each forgery, and says how long it takes in this process, the first one left out (it compiles the code). */
export function forgeryTable(): string {
  const spent: number[] = [];
  let refused = 0;
  for (let time = 0; time <= TIMES; time += 1)
    for (const { text, now = ISSUED + HOUR_MS, evidence = EVIDENCE, deployed, code } of FORGERIES) {
      const begun = process.cpuUsage();
      const { reasons } = verifyCertificate({
        text,
        key: KEYS.publicKey,
        now,
        evidence: (name) => (evidence[name] === undefined ? undefined : sha256(evidence[name])),
        deployed: deployed === undefined ? undefined : () => deployed,
      });
      const { user, system } = process.cpuUsage(begun);
      if (time > 0) spent.push((user + system) / 1_000);
      else if (reasons.some((reason) => reason.code === code)) refused += 1;
    }
  const sorted = spent.toSorted((a, b) => a - b);
  const at = (share: number): string => `${(sorted[Math.floor(share * (sorted.length - 1))] ?? NaN).toFixed(1)} ms`;
  return [
    row('forgeries', 'refused by their own reason', 'median', '99 %', 'longest', 'size of a certificate'),
    row('--:', '--:', '--:', '--:', '--:', '--:'),
    row(
      String(FORGERIES.length),
      String(refused),
      at(0.5),
      at(0.99),
      at(1),
      `${(certificateFile().length / 1_000).toFixed(1)} kB`,
    ),
    '',
    `Milliseconds of processor time of one verification, ${TIMES} times each.`,
  ].join('\n');
}
