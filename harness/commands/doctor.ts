import { EXIT_CODE } from '../core/exits.ts';
import { collectFacts } from '../setup/facts/index.ts';
import { type AddCommand, examples } from './common/command.ts';
import { print } from './common/output.ts';

export const doctorCommand: AddCommand = (program, world, exit) => {
  program
    .command('doctor')
    .description('say whether this machine is ready, and what to do when it is not; changes nothing')
    .option('--json', 'print one JSON document on stdout', false)
    .addHelpText('after', examples('chaos doctor'))
    .action(async ({ json }: { json: boolean }) => {
      const facts = await collectFacts(world.root);
      const ready = facts.every((fact) => fact.ok);
      if (json) print(world, { schema_version: 1, ready, facts });
      else {
        for (const { ok, name, value, remedy } of facts) {
          world.out.write(`${ok ? '✓' : '✗'} ${name.padEnd(22)} ${value}\n${ok ? '' : `  → ${remedy}\n`}`);
        }
        world.out.write(ready ? 'ready\n' : 'not ready\n');
      }
      exit(ready ? EXIT_CODE.pass : EXIT_CODE['not-ready']);
    });
};
