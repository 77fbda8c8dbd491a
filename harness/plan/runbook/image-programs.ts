import type { Problem } from '../../core/plan/problem.ts';
import type { RunbookCommand } from '../../core/runbook/runbook.ts';
import type { TopologySpec } from '../../core/topology/spec.ts';
import { programsIn } from '../../kit/runbook/programs.ts';
import { nearest } from '../../kit/suggest.ts';
import type { ReadRunbook } from './read.ts';

type ProgramsOf = (image: string) => readonly string[] | undefined;

interface InImages {
  readonly missing: readonly Problem[];
  /** Services in whose images nobody has looked. */
  readonly unknown: readonly string[];
}

/** Compares the programs that the commands of a runbook start with what is in the images of their services. */
export function programsOfRunbook(
  { file, commands }: Pick<ReadRunbook, 'file' | 'commands'>,
  spec: TopologySpec,
  programsOf: ProgramsOf,
): InImages {
  const unknown = new Set<string>();
  const missing = commands.flatMap((command) =>
    servicesOf(command, spec).flatMap((service): Problem[] => {
      const image = spec.services[service]?.image;
      const there = image === undefined ? undefined : programsOf(image);
      if (there === undefined) {
        unknown.add(service);
        return [];
      }
      const gone = programsIn(command.run).filter((name) => !there.includes(name));
      return gone.map((name) => problemOf(command, { file, name, service, there }));
    }),
  );
  return { missing, unknown: [...unknown] };
}

/** Returns the services in whose containers a command may run: a group has several. */
function servicesOf({ where }: RunbookCommand, { services, groups }: TopologySpec): readonly string[] {
  if (where === 'host') return [];
  const { service } = where.target;
  return groups[service] ?? (service in services ? [service] : []);
}

const problemOf = (
  { line, name: command }: RunbookCommand,
  {
    file,
    name,
    service,
    there,
  }: { readonly file: string; readonly name: string; readonly service: string; readonly there: readonly string[] },
): Problem => ({
  file,
  line,
  column: 1,
  code: 'CHAOS_RUNBOOK_PROGRAM',
  message: `"${command}" starts ${name}, which is not in the image of ${service}`,
  hint: hintFor(name, there),
  severity: 'error',
});

function hintFor(name: string, there: readonly string[]): string {
  const near = nearest(name, there);
  return near === undefined
    ? 'Write it with what is there, or run it in another service. `chaos setup` looks again after the image was changed.'
    : `Did you mean "${near}"?`;
}
