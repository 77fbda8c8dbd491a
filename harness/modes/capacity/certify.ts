import { readdirSync, statSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import type { Certificate } from '../../core/certificate/statements.ts';
import type { Clock } from '../../core/clock.ts';
import type { Certified } from '../../core/freshness/certified.ts';
import { CAPACITY_EVENTS } from './capacity-record.ts';
import { type CertificateFile, fileDigest } from './certificate-file.ts';
import type { Concluded } from './conclude.ts';

/** What of a run's folder is the truth. Everything else there can be made again. */
const OF_RUNS = /(?:^|\/)(?:events\.ndjson|seal\.json|samples\/[^/]+)$/;

/**
 * Signs what follows from the record, and appends it to the certificate file. Undefined when nothing can be certified: the
 * full capacity is not known, or the measurement is not complete. `digests`: of everything that was measured, as it is now.
 */
export async function certify(
  dir: string,
  { facts, verdict, measured }: Concluded,
  certificate: CertificateFile,
  { digests, clock }: { readonly digests: () => Promise<Certified>; readonly clock: Pick<Clock, 'wall'> },
): Promise<Certificate | undefined> {
  if (measured === undefined) return undefined;
  if (verdict !== 'GO' && verdict !== 'GO WITH CONDITIONS' && verdict !== 'NO-GO') return undefined;
  const now = await digests();
  return certificate.conclude({
    ...facts,
    ...measured,
    digests: now,
    issuedAt: clock.wall(),
    evidence: evidenceIn(dir),
  });
}

/** Returns the files that the figures rest on: the record, the requests of each step, and the records of the runs. */
function evidenceIn(dir: string): Certificate['evidence'] {
  const files = [join(dir, CAPACITY_EVENTS), ...filesBelow(join(dir, 'steps')), ...filesBelow(join(dir, 'runs'))];
  return files.flatMap((file) => {
    const name = relative(dir, file).split(sep).join('/');
    if (name.startsWith('runs/') && !OF_RUNS.test(name)) return [];
    const sha256 = fileDigest(file);
    return sha256 === undefined ? [] : [{ name, sha256 }];
  });
}

function filesBelow(path: string): string[] {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found?.isFile() === true) return [path];
  if (found?.isDirectory() !== true) return [];
  return readdirSync(path)
    .toSorted()
    .flatMap((name) => filesBelow(join(path, name)));
}
