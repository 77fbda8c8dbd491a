import type { ProvenDocument } from '../../core/alerts/document.ts';

const seconds = (value: number | null): string => (value === null ? '–' : `${value.toFixed(1)} s`).padStart(8);

/** Returns what a proof of alert rules found, for people. */
export function renderProven({ verdict, rules, mutants, score }: ProvenDocument): string {
  const width = Math.max(4, ...rules.map(({ name }) => name.length));
  const head = `${'rule'.padEnd(width)} ${['pending', 'firing', 'deliv.', 'silent'].map((word) => word.padStart(8)).join(' ')}`;
  const rows = rules.map(({ name, pending_s, firing_s, delivered_s, resolved_s, proven, reason, scaled, history }) => {
    const times = [pending_s, firing_s, delivered_s, resolved_s].map(seconds).join(' ');
    const marks = [
      ...(scaled === null ? [] : [`scaled: windows divided by ${scaled}`]),
      ...(history === 'backfilled' ? ['history: backfilled'] : []),
      ...(proven ? [] : [reason ?? '']),
    ];
    return `${name.padEnd(width)} ${times}  ${proven ? 'proven' : 'NOT PROVEN'}${marks.length === 0 ? '' : ` (${marks.join('; ')})`}`;
  });
  const escaped = mutants
    .filter(({ caught }) => caught === false)
    .map(({ rule, change }) => `  not caught: ${rule}, ${change}`);
  return [
    head,
    ...rows,
    `${score.rules_proven} of ${score.rules} rules proven, ${score.mutants_caught} of ${score.mutants} mutants caught`,
    ...escaped,
    verdict,
    '',
  ].join('\n');
}
