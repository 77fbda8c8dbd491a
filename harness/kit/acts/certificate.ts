import type { FaultContext } from '../../core/kinds/fault.ts';
import { ChaosError } from '../../core/errors.ts';
import { lackError } from '../../core/topology/capability.ts';
import type { Command } from '../../core/topology/command.ts';
import type { CertificateSpec, TlsSpec, TopologySpec } from '../../core/topology/spec.ts';

/** A certificate that is to be issued. */
interface Issue {
  readonly name: string;
  /** The time in which it is valid, in seconds from now. */
  readonly from: number;
  readonly to: number;
}

/** An entry over TLS whose certificate can be replaced. */
type Replaceable = TlsSpec & { readonly certificate: CertificateSpec };

/**
 * Returns the entry over TLS that a service serves. Throws CHAOS_LACKS when its certificate cannot be replaced, and
 * CHAOS_NO_TARGET when another service serves it.
 */
export function servedBy({ tls }: TopologySpec, service: string): Replaceable {
  const certificate = tls?.certificate;
  if (tls === undefined || certificate === undefined) throw lackError('a fault of a certificate', 'certificate');
  if (tls.service === service) return { ...tls, certificate };
  throw new ChaosError('CHAOS_NO_TARGET', {
    what: `${service} has no certificate: ${tls.service} serves the entry over TLS`,
    hint: `Write service: ${tls.service}.`,
    exit: 'bad-input',
  });
}

/**
 * Puts the certificate that a command prints in place of the first certificate of the PEM file $1. All else in the file
 * stays, the key too. The file is replaced as a whole, so nobody reads half of it. The file from before the first fault
 * is kept beside it. A certificate for another key is refused.
 */
const PUT = `
set -e
file=$1; shift
if [ -L "$file" ] || grep -qF " $file " /proc/self/mountinfo; then
  echo "$file is a link, or is mounted by itself, and cannot be replaced as a whole" >&2; exit 1
fi
new=$("$@")
theirs=$(printf '%s\\n' "$new" | openssl x509 -noout -pubkey)
ours=$(openssl pkey -in "$file" -pubout)
if [ -z "$ours" ] || [ "$theirs" != "$ours" ]; then
  echo "the certificate is not for the key in $file" >&2; exit 1
fi
cp -p "$file" "$file.chaos-new"
[ -e "$file.chaos-before" ] || { mv "$file.chaos-new" "$file.chaos-before"; cp -p "$file" "$file.chaos-new"; }
new=$new awk '
  /^-----BEGIN CERTIFICATE-----/ && !done { print ENVIRON["new"]; done = skip = 1 }
  !skip { print }
  /^-----END CERTIFICATE-----/ { skip = 0 }
' "$file" >"$file.chaos-new"
mv "$file.chaos-new" "$file"`;

const BACK = `
file=$1
if [ -e "$file.chaos-before" ]; then mv "$file.chaos-before" "$file" || exit; fi
rm -f "$file.chaos-new"`;

/** Gives a PEM file back that faults have changed. Harmless when there is nothing to give back. */
export const putCertificateBack = (container: string, file: string): Command => ({
  in: container,
  run: ['sh', '-c', BACK, 'put-certificate-back', file],
});

/** Issues a certificate for the key in the file, and puts it there. */
export function issueCertificate(container: string, { file, issue }: CertificateSpec, wanted: Issue): Command {
  const values = { name: wanted.name, from: String(wanted.from), to: String(wanted.to) };
  const words = issue.map((word) =>
    Object.entries(values).reduce((text, [key, value]) => text.replaceAll(`{{${key}}}`, value), word),
  );
  return { in: container, run: ['sh', '-c', PUT, 'put-certificate', file, ...words] };
}

/** Replaces the certificates of containers. `value` says in words what they become. Returns the names of the containers. */
export async function replaceCertificate(
  { topology, random, hold }: Pick<FaultContext, 'topology' | 'random' | 'hold'>,
  service: string,
  value: string,
  wanted: (tls: Replaceable) => Issue,
): Promise<readonly string[]> {
  const tls = servedBy(topology.spec, service);
  const { certificate } = tls;
  const hit = await topology.containers.resolve({ service }, random);
  for (const { name } of hit) {
    await hold({
      place: name,
      what: 'certificate',
      value,
      before: () => [{ do: 'command', command: putCertificateBack(name, certificate.file) }],
      set: () => topology.act(issueCertificate(name, certificate, wanted(tls))),
    });
  }
  return hit.map((container) => container.name);
}
