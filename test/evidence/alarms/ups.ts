import { performance } from 'node:perf_hooks';
import { chaos } from '../../helpers/chaos.ts';
import { down } from '../down.ts';
import { median, row, say } from '../figures.ts';
import type { Told } from '../told.ts';

/** With what watches, the topology may take so many times as long to come up. */
const MOST_TIMES = 1.2;

/** Brings the topology up from nothing, in turn without and with what watches. */
export async function ups(times: number, signal: AbortSignal): Promise<Told> {
  const pairs: { readonly plainS: number; readonly watchedS: number }[] = [];
  const seconds = async (...more: readonly string[]): Promise<number> => {
    await down();
    signal.throwIfAborted();
    const begun = performance.now();
    const { code, stderr } = await chaos(['topology', 'up', ...more]);
    if (code !== 0) throw new Error(stderr);
    return (performance.now() - begun) / 1_000;
  };
  for (let i = 0; i < times; i += 1) {
    // In turn, who is first: a machine that was just used may be faster or slower.
    const watchedFirst = i % 2 === 1 ? await seconds('--monitoring') : undefined;
    const plainS = await seconds();
    pairs.push({ plainS, watchedS: watchedFirst ?? (await seconds('--monitoring')) });
    say(`up: ${plainS.toFixed(1)} s without, ${pairs.at(-1)?.watchedS.toFixed(1)} s with monitoring`);
  }
  await down();
  const ratio = median(pairs.map(({ watchedS }) => watchedS)) / median(pairs.map(({ plainS }) => plainS));
  const text = [
    `\`chaos topology up --monitoring\` takes **${ratio.toFixed(2)} times** as long as without (medians of ${times}; at most ${MOST_TIMES} is promised).`,
    [
      row('try', 'without, s', 'with monitoring, s'),
      row('---', '---:', '---:'),
      ...pairs.map((pair, i) => row(String(i + 1), pair.plainS.toFixed(1), pair.watchedS.toFixed(1))),
    ].join('\n'),
  ].join('\n\n');
  return { text, wrong: ratio <= MOST_TIMES ? [] : [`up takes ${ratio.toFixed(2)} times as long with monitoring`] };
}
