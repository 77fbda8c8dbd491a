import { lackError } from '../../core/topology/capability.ts';
import type { Command } from '../../core/topology/command.ts';
import type { JobsSpec, TopologySpec } from '../../core/topology/spec.ts';

/** Returns how the application queues jobs. Throws CHAOS_LACKS when the topology does not say. */
export function jobsOf({ jobs }: Pick<TopologySpec, 'jobs'>): JobsSpec {
  if (jobs === undefined) throw lackError('a poison job', 'jobs');
  return jobs;
}

/** Queues jobs that can never succeed, in the same way as the app's own writes queue jobs. */
export const owePoison = ({ owe }: JobsSpec, id: string, jobs: number): Command => ({
  sql: owe.replaceAll('{{id}}', id).replaceAll('{{jobs}}', String(jobs)),
});

/** Takes the jobs of a fault back. A job that is already at work fails one last time. */
export const takePoison = ({ take }: JobsSpec, id: string): Command => ({ sql: take.replaceAll('{{id}}', id) });
