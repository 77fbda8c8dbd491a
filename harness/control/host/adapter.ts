import type { Adapter } from '../adapter.ts';

/** The host's kernel: it knows what faults left in every container, whether the container answers or not. */
export const host: Adapter = {
  async left({ states, host }) {
    const { left } = await host;
    const madeSlow = new Set(states.filter((s) => s.slowDisk).map((s) => s.container));
    return left.filter(({ command }) => !('outside' in command && madeSlow.has(command.outside)));
  },

  snapshot: async ({ host }) => (await host).values,
};
