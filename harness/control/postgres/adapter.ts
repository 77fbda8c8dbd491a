import { describeError } from '../../core/errors.ts';
import type { Command } from '../../core/topology/command.ts';
import { type Log, logged } from '../../core/log.ts';
import { together } from '../../core/topology/snapshot/snapshot.ts';
import type { Adapter } from '../adapter.ts';
import type { Project } from '../docker/project.ts';
import { dataMarks } from './data-marks.ts';
import { dataValues, nodesOf, nodeValues } from './snapshot.ts';
import { DATA_MS, type PostgresControl } from './postgres.ts';

/** Milliseconds that a command of a fault may take. */
const COMMAND_MS = 10_000;

/**
 * PostgreSQL: SQL on the primary, what faults left in the data, and whether a write would be safe. `ask` carries out a
 * command that changes nothing.
 */
export function postgres(
  project: Project,
  control: PostgresControl,
  log: Log,
  ask: (command: Command) => Promise<string>,
): Adapter {
  const { resetSql, synchronous, jobs } = project.spec;
  return {
    commands: {
      async sql({ sql }) {
        const rows = await control.query(sql, [], COMMAND_MS);
        const [first] = Object.values(rows[0] ?? {});
        if (first === undefined || first === null) return '';
        return typeof first === 'object' ? JSON.stringify(first) : `${first as string | number}`;
      },
    },

    async unwell() {
      try {
        if (synchronous === true && (await control.synchronousStandbys()) === 0) return ['no synchronous standby'];
        return (await control.primaryAddress()) === undefined ? ['no node of the database accepts writes'] : [];
      } catch (error) {
        return [`the database does not accept writes (${describeError(error)})`];
      }
    },

    async reset() {
      if (resetSql === undefined) return undefined;
      const order = { to: 'postgres', what: 'reset the data', level: 'info' } as const;
      const rows = await logged(log, order, control.query(resetSql, [], DATA_MS));
      const [fingerprint] = Object.values(rows[0] ?? {});
      return typeof fingerprint === 'string' ? fingerprint : '';
    },

    async snapshot(seen) {
      const parts = [dataValues(control, jobs), ...nodesOf(project.spec, seen).map((node) => nodeValues(node, ask))];
      return together(await Promise.all(parts));
    },

    left: async ({ states }) => (states.some((s) => s.running) ? dataMarks(control, jobs) : []),
  };
}
