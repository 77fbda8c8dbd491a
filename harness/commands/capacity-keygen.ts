import type { Command } from 'commander';
import { relative, resolve } from 'node:path';
import { EXIT_CODE } from '../core/exits.ts';
import type { World } from '../core/world.ts';
import { makeKeys, SIGNING_KEY } from '../modes/capacity/keys.ts';
import { examples } from './common/command.ts';
import { print } from './common/output.ts';

/** Adds the verb `keygen`. */
export function addKeygen(capacity: Command, world: World, exit: (code: number) => void): void {
  capacity
    .command('keygen')
    .description('make the key pair that signs certificates (Ed25519); replaces no file')
    .option('--out <folder>', 'where capacity.key and capacity.pub are written', '.')
    .option('--json', 'print one JSON document on stdout', false)
    .addHelpText(
      'after',
      `${examples('chaos capacity keygen --out ~/.chaos-keys')}

Keep capacity.key out of git: whoever has it can sign. In continuous integration, put its text into ${SIGNING_KEY}.
Give capacity.pub to whoever checks.`,
    )
    .action(({ out, json }: { readonly out: string; readonly json: boolean }) => {
      const { privateKey, publicKey, id } = makeKeys(resolve(world.cwd, out));
      const [mine, theirs] = [privateKey, publicKey].map((file) => relative(world.cwd, file));
      if (json)
        print(world, {
          schema_version: 1,
          key_id: id,
          private_key_file: privateKey,
          public_key_file: publicKey,
          exit_code: EXIT_CODE.pass,
        });
      else
        world.out.write(
          `${mine}  signs: keep it secret, and out of git\n${theirs}  checks: give it away\nkey ${id.slice(0, 16)}\n`,
        );
      exit(EXIT_CODE.pass);
    });
}
