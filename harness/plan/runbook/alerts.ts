import type { Problem } from '../../core/plan/problem.ts';
import { didYouMean } from '../../kit/suggest.ts';
import { hasPage } from '../alerts/page.ts';
import { readRules, ruleFiles, type WrittenRule } from '../alerts/rules.ts';
import { placeOf } from '../source/source.ts';
import type { ReadRunbook } from './read.ts';

/** The alert rules of a topology. */
export interface RulesOfTopology {
  /** A file or folder of rules, as Prometheus reads them. */
  readonly rules: string;
  /** The folder from which the paths of pages count. */
  readonly root: string;
}

/** Where alerts lead to. */
interface Led {
  readonly problems: readonly Problem[];
  /** By the name of each rule: the runbooks that name it. */
  readonly alerts: Readonly<Record<string, readonly string[]>>;
}

/**
 * Compares the alerts that runbooks name with the rules of their topology. `all`: these are all its runbooks, so a rule that
 * leads to no runbook and to no page is a mistake too. A rule of another topology has other runbooks.
 */
export function comparedWithRules(
  runbooks: readonly ReadRunbook[],
  { rules: path, root }: RulesOfTopology,
  all: boolean,
): Led {
  const { rules, problems } = readRules(ruleFiles(path));
  const names = [...new Set(rules.map(({ name }) => name))];
  const alerts = Object.fromEntries(
    names.map((name) => [name, runbooks.filter((runbook) => runbook.alerts.includes(name)).map((one) => one.name)]),
  );
  return {
    alerts,
    problems: [
      ...problems,
      ...runbooks.flatMap((runbook) => inRunbook(runbook, names)),
      ...(all ? rules.filter((rule) => alerts[rule.name]?.length === 0 && !hasPage(rule, root)).map(leadsNowhere) : []),
    ],
  };
}

function inRunbook({ file, name: runbook, alerts, alertLines }: ReadRunbook, known: readonly string[]): Problem[] {
  if (alerts.length === 0)
    return [
      {
        file,
        line: alertLines.at(0) ?? 1,
        column: 1,
        code: 'CHAOS_RUNBOOK_UNUSED',
        message: `no alert leads to ${runbook}: nobody is woken for its failure`,
        hint: 'Name the rules that ring by it: alerts: [QueueDepth]. Or write a rule for it.',
        severity: 'warning',
      },
    ];
  return alerts.flatMap((alert, i): Problem[] =>
    known.includes(alert)
      ? []
      : [
          {
            file,
            line: alertLines[i] ?? 1,
            column: 1,
            code: 'CHAOS_NO_RULE',
            message: `no rule of the topology has the alert "${alert}"`,
            hint: didYouMean(alert, known),
            severity: 'error',
          },
        ],
  );
}

const leadsNowhere = ({ name, source, path }: WrittenRule): Problem => ({
  file: source.file,
  ...placeOf(source, [...path, 'alert']),
  code: 'CHAOS_ALERT_RUNBOOK',
  message: `${name} leads to no runbook and to no page`,
  hint: `Name it in a runbook (alerts: [${name}]), or write its page: runbooks/alerts/${name}.md`,
  severity: 'error',
});
