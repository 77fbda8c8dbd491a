import { chaos } from '../helpers/chaos.ts';

/** Removes the topology of the tests. What is measured next brings it up as it wants it. Throws when it is still there. */
export async function down(): Promise<void> {
  const { code, stderr } = await chaos(['topology', 'down']);
  if (code !== 0) throw new Error(stderr);
}
