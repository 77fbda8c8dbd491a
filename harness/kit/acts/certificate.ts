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
export type Replaceable = TlsSpec & { readonly certificate: CertificateSpec };

/** Returns the entry over TLS. Undefined when there is none, and when its certificate cannot be replaced. */
export function replaceable({ tls }: TopologySpec): Replaceable | undefined {
  const certificate = tls?.certificate;
  return tls === undefined || certificate === undefined ? undefined : { ...tls, certificate };
}

/**
 * Returns the entry over TLS that a service serves. Throws CHAOS_LACKS when its certificate cannot be replaced, and
 * CHAOS_NO_TARGET when another service serves it.
 */
export function servedBy(spec: TopologySpec, service: string): Replaceable {
  const tls = replaceable(spec);
  if (tls === undefined) throw lackError('a fault of a certificate', 'certificate');
  if (tls.service === service) return tls;
  throw new ChaosError('CHAOS_NO_TARGET', {
    what: `${service} has no certificate: ${tls.service} serves the entry over TLS`,
    hint: `Write service: ${tls.service}.`,
    exit: 'bad-input',
  });
}

/** Prints the first certificate of a PEM file, without the key that may be beside it. */
const read = (container: string, file: string): Command => ({ in: container, run: ['openssl', 'x509', '-in', file] });

/**
 * Puts the certificate that a command prints in place of the first certificate of the PEM file $1. All else in the file
 * stays, the key too. The file is replaced as a whole, so nobody reads half of it. A certificate for another key is never
 * put there. When `echo` prints it, it was there before, and the file has been made anew since: nothing is to be done.
 */
const PUT = `
set -e
file=$1; shift
new=$("$@")
key_of() { openssl pkey -in "$file" -pubout; }
if [ "$(printf '%s\\n' "$new" | openssl x509 -noout -pubkey)" != "$(key_of)" ]; then
  [ "$1" = echo ] && exit 0
  echo "the certificate is not for the key in $file" >&2; exit 1
fi
trap 'rm -f "$file.new"' EXIT
cp -p "$file" "$file.new"
new=$new awk '
  /^-----BEGIN CERTIFICATE-----/ && !done { print ENVIRON["new"]; done = skip = 1 }
  !skip { print }
  /^-----END CERTIFICATE-----/ { skip = 0 }
' "$file" >"$file.new"
mv "$file.new" "$file"`;

const put = (container: string, file: string, from: readonly string[]): Command => ({
  in: container,
  run: ['sh', '-c', PUT, 'put-certificate', file, ...from],
});

/** Puts a certificate that was there before back into a PEM file. Harmless when the file has another key now. */
export const putBack = (container: string, { file }: CertificateSpec, pem: string): Command =>
  put(container, file, ['echo', pem]);

/** Issues a certificate for the key in the file, and puts it there. */
export function issueCertificate(container: string, { file, issue }: CertificateSpec, wanted: Issue): Command {
  const values = { name: wanted.name, from: String(wanted.from), to: String(wanted.to) };
  const words = issue.map((word) =>
    Object.entries(values).reduce((text, [key, value]) => text.replaceAll(`{{${key}}}`, value), word),
  );
  return put(container, file, words);
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
      before: async () => {
        const pem = await topology.ask(read(name, certificate.file));
        return [{ do: 'command', command: putBack(name, certificate, pem) }];
      },
      set: () => topology.act(issueCertificate(name, certificate, wanted(tls))),
    });
  }
  return hit.map((container) => container.name);
}
