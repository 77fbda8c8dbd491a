import type { EventKind, RunEvent } from '../../core/record/events.ts';
import type { Plan } from '../../core/plan/plan.ts';
import type { ServiceState, Update } from '../watch/message.ts';

/** Events that users' figures and alerts are made of. Everything else may name what is hidden. */
const FELT: ReadonlySet<EventKind> = new Set([
  'load',
  'resources',
  'cache',
  'reading',
  'container',
  'life',
  'lives',
  'role',
  'alert.state',
  'alert.delivered',
]);

/**
 * Returns an event of a run as people may see it who do not know what is injected; undefined when they may not. The run has
 * another name, and its plan has the topology and the load only: with it come the charts that every run has.
 */
export function hiddenEvent(event: RunEvent, name: string): RunEvent | undefined {
  if (event.kind === 'run.started') return { ...event, run: name, plan: bare(event.plan, name) };
  // The load begins with the warm-up. Later phases tell when something is broken.
  if (event.kind === 'phase.started' && (event.phase === 'warmup' || event.phase === 'baseline')) return event;
  return FELT.has(event.kind) ? event : undefined;
}

const bare = (plan: Plan, name: string): Plan => ({
  schema_version: plan.schema_version,
  file: '',
  name,
  title: '',
  tags: [],
  seed: 0,
  topology: plan.topology,
  load: plan.load,
  phases: { warmup: 0, baseline: 0, fault: 0, heal: 0, recovery: 0 },
  faults: [],
  hypotheses: [],
  overrides: [],
});

/** Returns an update of the live page without what says that something was done on purpose; undefined when nothing is left. */
export function hiddenUpdate({ t, begin, points, cards, services, alert }: Update): Update | undefined {
  const update: Update = {
    t,
    ...(begin && { begin: { ...begin, title: '', experiment: '', load: '' } }),
    ...(points && { points }),
    ...(cards && { cards }),
    ...(services && { services: services.map(symptoms) }),
    ...(alert && { alert }),
  };
  return Object.keys(update).length === 1 ? undefined : update;
}

/** "paused" is what somebody did; that it does not answer is what people notice. */
const symptoms = (service: ServiceState): ServiceState => ({
  ...service,
  note: service.note === 'primary' || service.note === 'standby' ? service.note : '',
  faults: [],
});
