import { ChaosError } from '../../core/errors.ts';

const PREFIX = ['docker', 'compose'] as const;
/** What a shell would read as more than one command, or as something else than what is written. */
const SHELL = /[;&|<>`$(){}*?~'"\\\n]/;

/** Returns the words of a command on the host; undefined when it is more than one plain `docker compose` command. */
function wordsOf(run: string): readonly string[] | undefined {
  const line = run.trim();
  if (SHELL.test(line)) return undefined;
  const words = line.split(/\s+/);
  return PREFIX.every((word, i) => words[i] === word) && words.length > PREFIX.length ? words : undefined;
}

/** Says why a command may not run on the host; undefined when it may. `allowed`: beginnings of commands, from x-chaos. */
export function whyNotOnHost(run: string, allowed: readonly string[] | undefined): string | undefined {
  const words = wordsOf(run);
  if (words === undefined) return 'it is not one plain `docker compose` command';
  const line = words.join(' ');
  if (allowed?.some((begins) => line === begins || line.startsWith(`${begins} `)) === true) return undefined;
  return allowed === undefined
    ? 'x-chaos.host_commands allows none'
    : `x-chaos.host_commands allows only ${allowed.join(', ')}`;
}

/** Returns the arguments of `docker compose`. Throws CHAOS_HOST_COMMAND when the command may not run on the host. */
export function composeArguments(run: string, allowed: readonly string[] | undefined): readonly string[] {
  const why = whyNotOnHost(run, allowed);
  if (why === undefined) return (wordsOf(run) ?? []).slice(PREFIX.length);
  throw new ChaosError('CHAOS_HOST_COMMAND', {
    what: `"${run.trim()}" may not run on the host: ${why}`,
    hint: 'Write a command for a container (in: SERVICE), or allow it in the compose file: x-chaos.host_commands.',
    exit: 'bad-input',
  });
}
