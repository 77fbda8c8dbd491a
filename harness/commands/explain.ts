import { ChaosError } from '../core/errors.ts';
import { EXIT_CODE } from '../core/exits.ts';
import type { World } from '../core/world.ts';
import { catalogue, probes } from '../main.ts';
import { nearest, type Parameter } from '../plan/index.ts';
import { type AddCommand, examples } from './command.ts';
import { byKind, type Explanation, explanations, named } from './explanations.ts';
import { print } from './output.ts';

export const explainCommand: AddCommand = (program, world, exit) => {
  program
    .command('explain')
    .description(
      'tell what a fault, step, check, stop condition, probe, verdict or error code is, with an example; alone: list them',
    )
    .argument('[names...]', 'for example kill, latency, CHAOS_NOT_STEADY, not-restored')
    .option('--json', 'print one JSON document on stdout', false)
    .addHelpText('after', examples('chaos explain kill', 'chaos explain CHAOS_FAULT_UNPROVEN'))
    .action((names: readonly string[], { json }: { json: boolean }) => {
      const all = explanations({ ...catalogue, probes });
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
    what: `there is no fault, step, check, stop condition, probe, verdict or error code "${name}"`,
    hint: near === undefined ? '`chaos explain` lists all there is.' : `Did you mean "${near}"?`,
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
    world.out.write(`${kind}s\n`);
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
    // The page of an error begins with how it ends, and says the summary itself.
    ...(kind === 'error' ? [] : [summary]),
    ...(of.exit_codes === undefined ? [] : [`exit ${of.exit_codes.join(' or ')}`]),
    ...(of.parameters === undefined || of.parameters.length === 0 ? [] : [`parameters\n${table(of.parameters)}`]),
    ...(of.example === undefined ? [] : [`example\n${indented(of.example)}`]),
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
    // A quantity and a map show what they are by themselves: the example below has them.
    const [like] = type === 'text' ? examples.filter((example) => !description.includes(example)) : [];
    return [name, type, need, like === undefined ? description : `${description} (${like})`];
  });
  const widths = [0, 1, 2].map((i) => Math.max(...rows.map((row) => row[i]?.length ?? 0)));
  return rows.map((row) => `  ${row.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join('  ')}`.trimEnd()).join('\n');
}
