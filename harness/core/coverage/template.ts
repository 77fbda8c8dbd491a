import type { Fault } from '../kinds/fault.ts';
import type { PlannedCheck } from '../plan/plan.ts';
import { can } from '../topology/capability.ts';
import type { TopologySpec } from '../topology/spec.ts';
import { aimAt } from './aim-at.ts';
import type { Cell } from './cell.ts';
import { componentsOf } from './component.ts';
import { generatedName } from './jobs.ts';
import type { Known } from '../kinds/known.ts';

type Written = Readonly<Record<string, unknown>>;

/** An experiment whose topology, load, phases and limits a generated experiment takes over, as its file has them. */
export interface Model {
  readonly load: Written;
  readonly phases: Written;
  readonly hypotheses: readonly Written[];
}

/** What a generated experiment is to say, with the values as a person writes them. */
export interface Template {
  readonly name: string;
  readonly title: string;
  readonly load: Written;
  readonly phases: Written;
  readonly fault: Written;
  readonly hypotheses: readonly Written[];
}

export interface TemplateOptions {
  readonly spec: TopologySpec;
  readonly known: Pick<Known, 'faults' | 'steps'>;
  readonly model: Model;
  /** Hypotheses of other experiments on this topology: the time limit of a failover is looked up there. */
  readonly others: readonly PlannedCheck[];
}

/** Returns the experiment for a cell. Undefined when the fault cannot be aimed at the component. */
export function templateOf(cell: Pick<Cell, 'component' | 'failure'>, options: TemplateOptions): Template | undefined {
  const { spec, known, model, others } = options;
  const fault = known.faults.find(({ name }) => name === cell.failure);
  const component = componentsOf(spec).find(({ name }) => name === cell.component);
  if (fault === undefined || component === undefined) return undefined;
  const aimed = aimAt(fault, component, spec, known);
  if (aimed.is === 'not') return undefined;
  const away = fault.keeps !== undefined;
  const { target } = aimed.bound.aims;
  const replicas = spec.services[target?.service ?? '']?.replicas ?? 0;
  const spared = away && ((target?.replica !== undefined && replicas > 1) || target?.role === 'standby');
  const promotes = away && target?.role === 'primary' ? target.service : undefined;
  const writes = can(spec, 'writes');
  const during = spared ? ['baseline', 'fault', 'recovery'] : ['baseline', 'recovery'];
  const what = `${fault.name} of ${component.name}`;
  return {
    name: generatedName(cell),
    title: spared
      ? `Users do not notice ${what}`
      : `After ${what}, users are served as before${writes ? ' and no write is lost' : ''}`,
    load: overTls(fault) ? { ...model.load, over: 'tls', new_connections: '10%' } : model.load,
    phases: model.phases,
    fault: { [fault.name]: aimed.written },
    hypotheses: [
      ...objectivesOf(model).map(([check, params]) => ({ [check]: { ...params, during } })),
      ...(promotes === undefined ? [] : failoverOf(promotes, others)),
      ...(writes ? [{ acknowledged_writes: { lost: 0 } }] : []),
    ],
  };
}

/** Only a client over TLS notices a certificate. */
const overTls = ({ requires = [] }: Fault): boolean => requires.includes('certificate');

const OBJECTIVES = ['latency', 'errors'];

/** Returns the first limit for the latency and for the errors of all requests, in the order of the file. */
export function objectivesOf({ hypotheses }: Pick<Model, 'hypotheses'>): readonly (readonly [string, Written])[] {
  const all = hypotheses.flatMap((one) => Object.entries(one) as [string, Written][]);
  return OBJECTIVES.flatMap((check) => {
    const found = all.find(([name, params]) => name === check && !('of' in params));
    return found === undefined ? [] : [found];
  });
}

/** Returns the hypothesis that another member takes over as soon as another experiment says it. */
function failoverOf(group: string, others: readonly PlannedCheck[]): readonly Written[] {
  const limits = others.flatMap(({ check, params }): number[] => {
    if (check !== 'failover') return [];
    const { service, within } = params as { readonly service?: unknown; readonly within?: unknown };
    return service === group && typeof within === 'number' ? [within] : [];
  });
  return limits.length === 0 ? [] : [{ failover: { service: group, within: `${Math.max(...limits) / 1_000}s` } }];
}
