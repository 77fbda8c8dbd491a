import { redactDeep } from '../core/redact.ts';
import type { JudgedRun, Reporter } from '../core/run.ts';
import { page } from './html/page.ts';

/** report.html: one file that needs nothing and calls nobody. */
export const html: Reporter = {
  file: 'report.html',
  // The figures are computed from the whole; what is text in them is redacted before it is laid out.
  render: (judged: JudgedRun) =>
    page({ document: redactDeep(judged.document), history: withoutSecrets(judged.history) }),
};

const withoutSecrets = (history: JudgedRun['history']): JudgedRun['history'] => ({
  ...history,
  plan: redactDeep(history.plan),
  events: redactDeep(history.events),
  faults: redactDeep(history.faults),
});
