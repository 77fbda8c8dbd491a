import { appImageNames } from '../app-images.ts';
import { BASE_TAGS } from '../base-images.ts';
import { imageIds } from '../images.ts';
import type { Shell } from '../shell.ts';
import type { Fact } from './fact.ts';

export async function imageFacts(shell: Shell, root: string): Promise<Fact[]> {
  // Without Compose the names of our images are unknown. The fact about Compose says that Compose is missing.
  const ours = await appImageNames(shell, root).catch(() => []);
  const names = [...new Set([...BASE_TAGS, ...ours])];
  const ids = await imageIds(shell, names);
  return names.map((name) => {
    const id = ids?.[name];
    const value =
      ids === undefined ? 'unknown: no engine answers' : (id?.replace('sha256:', '').slice(0, 12) ?? 'missing');
    return {
      name: `image ${name}`,
      ok: id !== undefined,
      value,
      remedy: 'Run `npx chaos setup`. It pulls or builds what is missing.',
    };
  });
}
