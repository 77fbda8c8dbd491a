import { describeError } from '../../core/errors.ts';
import type { Adapter } from '../adapter.ts';
import type { Project } from '../docker/project.ts';

/** Milliseconds that the entry may take for its answer. */
const ANSWER_MS = 2_000;

/**
 * The entry of the load. A service without a health check counts as healthy when its process runs, which may be long
 * before it listens. So when the service behind the entry has no health check, the entry itself is asked.
 */
export const entry = (project: Project): Adapter => ({
  async unwell({ containers, states }) {
    const { entry: address, ready, entryService } = project.spec;
    const checked = states.filter((_, i) => containers[i]?.service === entryService);
    if (checked.length === 0 || checked.some(({ health }) => health !== 'none')) return [];
    try {
      const response = await fetch(address + ready, { signal: AbortSignal.timeout(ANSWER_MS) });
      await response.arrayBuffer();
      return response.ok ? [] : [`${address}${ready} answers with HTTP ${response.status}`];
    } catch (error) {
      return [`${address}${ready} does not answer (${describeError(error)})`];
    }
  },
});
