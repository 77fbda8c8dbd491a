import { ChaosError } from '../core/errors.ts';
import { EXIT_CODE } from '../core/exits.ts';
import type { World } from '../core/world.ts';
import { cataloguesFor, probes, protocols, roleSources } from '../main.ts';
import { nearest, type Parameter } from '../plan/index.ts';
import { type AddCommand, examples } from './common/command.ts';
import { byKind, type Explanation, explanations, named } from './common/explanations.ts';
import { print } from './common/output.ts';

export const explainCommand: AddCommand = (program, world, exit) => {
  program
    .command('explain')
    .description(
      'explain a fault, step, check, stop condition, series, controller, scaling reason, scaling clamp, probe, protocol, way to ask for roles, verdict or error code; without a name: list all names',
    )
    .argument('[names...]', 'for example kill, latency, max_instances, CHAOS_NOT_STEADY, not-restored')
    .option('--json', 'print one JSON document on stdout', false)
    .addHelpText('after', examples('chaos explain kill', 'chaos explain CHAOS_FAULT_UNPROVEN'))
    .action(async (names: readonly string[], { json }: { json: boolean }) => {
      const known = await cataloguesFor([], world.cwd);
      const all = explanations({ ...known, probes, protocols, roleSources });
      if (names.length === 0) list(all, json, world);
      else
        tell(
          names.flatMap((name) => foundOrNear(all, name)),
          json,
          world,
        );
      exit(EXIT_CODE.pass);
    });
};

function foundOrNear(all: readonly Explanation[], name: string): Explanation[] {
  const found = named(all, name);
  if (found.length > 0) return found;
  const near = nearest(
    name,
    all.map((one) => one.name),
  );
  throw new ChaosError('CHAOS_UNKNOWN_NAME', {
    what: `there is no fault, step, check, stop condition, series, controller, scaling reason, scaling clamp, probe, protocol, way to ask for roles, verdict or error code "${name}"`,
    hint: near === undefined ? '`chaos explain` lists all names.' : `Did you mean "${near}"?`,
    exit: 'bad-input',
  });
}

function list(all: readonly Explanation[], json: boolean, world: World): void {
  if (json) {
    print(world, { schema_version: 1, entries: all.map(({ kind, name, summary }) => ({ kind, name, summary })) });
    return;
  }
  const width = Math.max(...all.map(({ name }) => name.length));
  for (const [kind, entries] of byKind(all)) {
    world.out.write(`${kind}${['series', 'roles'].includes(kind) ? '' : 's'}\n`);
    for (const { name, summary } of entries) world.out.write(`  ${name.padEnd(width)}  ${summary}\n`);
  }
}

function tell(entries: readonly Explanation[], json: boolean, world: World): void {
  if (json) print(world, { schema_version: 1, entries });
  else world.out.write(entries.map(text).join('\n'));
}

function text({ kind, name, summary, page, ...of }: Explanation): string {
  const indented = (lines: string): string => lines.trimEnd().replaceAll(/^/gm, '  ');
  const parts = [
    `${kind} ${name}`,
    // The page of an error begins with its exit code, and holds the summary itself.
    ...(kind === 'error' ? [] : [summary]),
    ...(of.exit_codes === undefined ? [] : [`exit ${of.exit_codes.join(' or ')}`]),
    ...(of.parameters === undefined || of.parameters.length === 0 ? [] : [`parameters\n${table(of.parameters)}`]),
    ...(of.example === undefined ? [] : [`example\n${indented(of.example)}`]),
    ...(of.readings === undefined ? [] : [`readings\n${indented(of.readings)}`]),
    ...(of.undo === undefined ? [] : [`undo\n${indented(of.undo)}`]),
    ...(of.passes === undefined
      ? []
      : [`seen by \`chaos status\` while in force\n${indented(`not always: ${of.passes}`)}`]),
    ...(of.requires === undefined ? [] : [`needs\n${indented(of.requires.join(', '))}`]),
    ...(page === undefined ? [] : [page]),
  ];
  return `${parts.join('\n\n')}\n`;
}

function table(parameters: readonly Parameter[]): string {
  const rows = parameters.map(({ name, type, required, default: fallback, description, examples }) => {
    const need = required ? 'required' : fallback === null ? 'optional' : `default ${fallback}`;
    // Only a text needs an example here. Quantities and maps are in the example below the table.
    const [like] = type === 'text' ? examples.filter((example) => !description.includes(example)) : [];
    return [name, type, need, like === undefined ? description : `${description} (${like})`];
  });
  const widths = [0, 1, 2].map((i) => Math.max(...rows.map((row) => row[i]?.length ?? 0)));
  return rows.map((row) => `  ${row.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join('  ')}`.trimEnd()).join('\n');
}
