import type { Series } from '../../core/kinds/series.ts';
import { redactDeep } from '../../core/text/redact.ts';
import type { JudgedRun, Reporter } from '../../core/record/run.ts';
import { page } from './page.ts';

/**
 * report.html: one file that contains everything it needs and makes no requests. `known`: the series that an experiment
 * may name. Default: what ships.
 */
export const htmlReporter = (known?: readonly Series[]): Reporter => ({
  name: 'html',
  file: 'report.html',
  // Texts are redacted before they are laid out. The figures are computed from the whole record.
  render: (judged: JudgedRun) =>
    page({ document: redactDeep(judged.document), history: withoutSecrets(judged.history) }, known),
});

const withoutSecrets = (history: JudgedRun['history']): JudgedRun['history'] => ({
  ...history,
  plan: redactDeep(history.plan),
  events: redactDeep(history.events),
  faults: redactDeep(history.faults),
});
