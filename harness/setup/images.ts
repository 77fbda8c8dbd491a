import type { Shell } from './shell.ts';

/** Resolves with the ids of those images that the engine has, or with undefined when no engine answers. */
export async function imageIds(shell: Shell, names: readonly string[]): Promise<Record<string, string> | undefined> {
  if (names.length === 0) return {};
  const all = await shell('docker', ['image', 'inspect', '--format', '{{.Id}}', ...names], { deadlineMs: 10_000 });
  const ids = all.stdout.split('\n').filter((line) => line !== '');
  if (all.code === 0 && ids.length === names.length) {
    return Object.fromEntries(names.map((name, index) => [name, ids[index] ?? '']));
  }
  if (!/no such image/i.test(all.stderr)) return undefined;
  // Some are missing, and the engine does not tell which: ask for each.
  const found: Record<string, string> = {};
  await Promise.all(
    names.map(async (name) => {
      const one = await shell('docker', ['image', 'inspect', '--format', '{{.Id}}', name], { deadlineMs: 10_000 });
      if (one.code === 0) found[name] = one.stdout.trim();
    }),
  );
  return found;
}
