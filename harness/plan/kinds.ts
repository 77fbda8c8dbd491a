import { z } from 'zod';
import { ChaosError } from '../core/errors.ts';
import type { Known } from '../core/kinds/known.ts';
import { namedSeries } from '../kit/series/params.ts';
import type { Form, StepKind } from '../core/kinds/step.ts';

/** Throws CHAOS_KIND_NAME when two things that are named in the same place have one name: one of them would be lost. */
function distinct(where: string, things: readonly { readonly name: string }[]): void {
  const names = things.map(({ name }) => name);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice === undefined) return;
  throw new ChaosError('CHAOS_KIND_NAME', {
    what: `two ${where} are named "${twice}"`,
    hint: 'Rename one of them, and its file.',
    exit: 'error',
  });
}

/** Returns the shape of a map with one key, the name of a kind. Each kind has its own strict parameters. */
function oneOf(kinds: readonly Form[], what: string) {
  const shape = Object.fromEntries(
    kinds.map(({ name, summary, example, schema }) => [
      name,
      schema.optional().meta({ description: summary, examples: [example] }),
    ]),
  );
  const [first] = kinds;
  return z
    .strictObject(shape)
    .superRefine((value, ctx) => {
      const keys = Object.keys(value);
      if (keys.length === 1) return;
      const message =
        keys.length === 0
          ? `a ${what} is a map with one key, its name`
          : `write one ${what} in an item: this item has ${keys.join(' and ')}`;
      ctx.addIssue({ code: 'custom', message });
    })
    .meta({
      minProperties: 1,
      maxProperties: 1,
      examples: first === undefined ? [] : [{ [first.name]: first.example }],
    });
}

/** Returns the form of a thing that is written as its name with its parameters. */
const formOf = ({ name, summary, example, params }: Omit<Form, 'schema'> & { readonly params: z.ZodType }): Form => ({
  name,
  summary,
  example,
  schema: params,
});

/** Returns every form that may be in an experiment's lists, and the shape of one item of each list. */
export function kindsOf({ faults, checks, series, steps: kinds, controllers }: Known) {
  distinct('checks or series', [...checks, ...series]);
  const step: z.ZodType = z.lazy(() => oneOf([...faultForms, ...flow], 'fault'));
  const steps = z.array(step).min(1, { error: 'write at least one step' });
  const formsOf = (kind: StepKind): readonly Form[] => kind.forms({ steps, faults });
  const faultForms = kinds.filter(({ name }) => name === 'fault').flatMap(formsOf);
  const flow = kinds.filter(({ name }) => name !== 'fault').flatMap(formsOf);
  distinct('faults or steps', [...faultForms, ...flow]);
  const checkKinds = checks.map(formOf);
  const hypothesis = oneOf(checkKinds, 'hypothesis');
  const stopKinds = checks.flatMap(({ name, stopIf }) => (stopIf === undefined ? [] : [formOf({ name, ...stopIf })]));
  const stop = oneOf(stopKinds, 'stop condition');
  const summary = 'A figure over time, with the limits that hypotheses and stop conditions have for it.';
  const chartForm: Form = { name: 'series', summary, example: { name: 'cpu', of: 'app' }, schema: namedSeries(series) };
  const chart = oneOf([chartForm], 'chart');
  const controllerForms = controllers.map(formOf);
  const controller = oneOf(controllerForms, 'controller');
  return {
    faults: faultForms,
    steps: flow,
    checks: checkKinds,
    stops: stopKinds,
    controllers: controllerForms,
    step,
    hypothesis,
    stop,
    chart,
    controller,
  };
}
