import { expect } from 'chai';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import { checks } from '../../../harness/checks/index.ts';
import { BROKEN, read, told } from './read.ts';

/** The experiment file, then each mistake: its place and code, and the beginning of its hint. */
type Row = readonly [file: string, ...mistakes: (readonly [place: string, hint: string])[]];

const INDENT = 'Look at the indentation, quotes and colons at this place and on the line above it.';

const TABLE: readonly Row[] = [
  // Files that are no YAML, or that use more of YAML than an experiment may.
  ['alias-bomb', ['alias-bomb.yaml:2:8 CHAOS_YAML_ALIASES', 'Write the values out']],
  [
    'alias-unknown',
    ['alias-unknown.yaml:5:9 CHAOS_YAML_ALIASES', 'Write &usual before the value that the alias names'],
  ],
  ['duplicate-key', ['duplicate-key.yaml:7:1 CHAOS_YAML_DUPLICATE_KEY', 'Keep one of the two']],
  ['empty', ['empty.yaml:1:1 CHAOS_FILE_EMPTY', 'Begin with a copy of experiments/redis-loss.yaml.']],
  ['only-comments', ['only-comments.yaml:1:1 CHAOS_FILE_EMPTY', 'Begin with a copy of']],
  ['latin-1', ['latin-1.yaml CHAOS_FILE_NOT_UTF8', 'Save it as UTF-8.']],
  ['nul-byte', ['nul-byte.yaml CHAOS_FILE_NOT_UTF8', 'Save it as UTF-8.']],
  ['tab', ['tab.yaml:4:1 CHAOS_YAML_TAB', 'Indent with spaces']],
  ['tag', ['tag.yaml:5:9 CHAOS_YAML_SYNTAX', 'Leave the tag out']],
  ['too-deep', ['too-deep.yaml:1:64 CHAOS_YAML_SYNTAX', 'Is it the right file?']],
  ['two-documents', ['two-documents.yaml:12:1 CHAOS_YAML_DOCUMENTS', 'One experiment a file']],
  [
    'unclosed-bracket',
    ['unclosed-bracket.yaml:11:43 CHAOS_YAML_SYNTAX', INDENT],
    ['unclosed-bracket.yaml:11:44 CHAOS_YAML_SYNTAX', INDENT],
  ],
  ['unclosed-quote', ['unclosed-quote.yaml:1:8 CHAOS_YAML_SYNTAX', INDENT]],
  ['list', ['list.yaml:1:1 CHAOS_WRONG_TYPE', 'Write a map.']],

  // Keys and values.
  ['unknown-key', ['unknown-key.yaml:6:23 CHAOS_UNKNOWN_KEY', 'Did you mean "baseline"?']],
  ['unknown-nested-key', ['unknown-nested-key.yaml:6:3 CHAOS_UNKNOWN_KEY', 'Known names: workload, rate, stages, ']],
  [
    'stop-if',
    ['stop-if.yaml:13:5 CHAOS_MISSING_KEY', 'Write above: 0.1%.'],
    ['stop-if.yaml:13:15 CHAOS_UNKNOWN_KEY', 'Known names: above, of, for.'],
    ['stop-if.yaml:14:5 CHAOS_WRONG_VALUE', 'Write one of p50_above and p95_above'],
    ['stop-if.yaml:15:5 CHAOS_JUDGED_AFTER', 'Leave it under hypotheses. A run may be stopped by errors, failover'],
    ['stop-if.yaml:16:32 CHAOS_WRONG_UNIT', 'Write 20s.'],
    ['stop-if.yaml:17:26 CHAOS_UNKNOWN_SERVICE', 'Did you mean "postgres"?'],
    ['stop-if.yaml:18:31 CHAOS_WRONG_VALUE', 'Did you mean "writes"?'],
    ['stop-if.yaml:19:5 CHAOS_UNKNOWN_CHECK', 'Did you mean "errors"?'],
  ],
  [
    'series',
    ['series.yaml:11:5 CHAOS_EMPTY_PHASE', 'Give phases.recovery a length'],
    ['series.yaml:12:5 CHAOS_WRONG_VALUE', 'Write at alone, without share and back_within.'],
    ['series.yaml:13:5 CHAOS_SERIES_FORM', 'Write - series: { name: cpu, of: redis, below: 90% }.'],
    ['series.yaml:14:5 CHAOS_MISSING_KEY', 'Write name: cpu.'],
    ['series.yaml:16:5 CHAOS_SERIES_FORM', 'Write - series: { name: cpu, of: app, above: 90%, for: 20s }.'],
    ['series.yaml:17:21 CHAOS_UNKNOWN_SERIES', 'Did you mean "cpu"?'],
    ['series.yaml:18:30 CHAOS_UNKNOWN_SERVICE', 'Did you mean "redis"?'],
    ['series.yaml:19:5 CHAOS_WRONG_VALUE', 'Write one of above and below, for example above: 90%.'],
    ['series.yaml:20:33 CHAOS_UNKNOWN_SERVICE', 'Did you mean "broken-app-'],
    ['series.yaml:21:34 CHAOS_UNKNOWN_SERVICE', 'Known names: postgres, '],
    ['series.yaml:22:36 CHAOS_UNKNOWN_SERVICE', 'Did you mean "postgres"?'],
    ['series.yaml:23:47 CHAOS_WRONG_VALUE', 'Write 100% at most.'],
    ['series.yaml:24:47 CHAOS_WRONG_UNIT', 'Write a percentage: 90%.'],
    ['series.yaml:25:37 CHAOS_UNKNOWN_KEY', 'Leave it out: throughput is one figure.'],
    ['series.yaml:26:40 CHAOS_WRONG_VALUE', 'Write one of application, redis, cdn.'],
    ['series.yaml:27:5 CHAOS_MISSING_KEY', 'Write of: app, or another name that cpu has.'],
    ['series.yaml:28:46 CHAOS_WRONG_VALUE', 'Write 0 at least.'],
    ['series.yaml:29:54 CHAOS_WRONG_UNIT', 'Write 20s.'],
    ['series.yaml:31:30 CHAOS_UNKNOWN_SERVICE', 'Did you mean "redis"?'],
    ['series.yaml:32:26 CHAOS_UNKNOWN_KEY', 'Known names: name, of, unit.'],
    ['series.yaml:33:5 CHAOS_SERIES_FORM', 'Write - series: { name: cpu, of: redis }.'],
  ],
  [
    'wait-series',
    ['wait-series.yaml:10:42 CHAOS_UNKNOWN_SERVICE', 'Did you mean "redis"?'],
    ['wait-series.yaml:11:33 CHAOS_UNKNOWN_SERIES', 'Did you mean "cpu"?'],
    ['wait-series.yaml:12:56 CHAOS_WRONG_UNIT', 'Write a percentage: 90%.'],
  ],
  ['missing-rate', ['missing-rate.yaml:3:1 CHAOS_MISSING_KEY', 'Write rate: 278/s. Or a list of stages']],
  ['bare-duration', ['bare-duration.yaml:6:33 CHAOS_WRONG_UNIT', 'Write 20ms or 20s.']],
  ['bare-rate', ['bare-rate.yaml:5:9 CHAOS_WRONG_UNIT', 'Write 278/s or 278/h.']],
  ['bare-share', ['bare-share.yaml:11:22 CHAOS_WRONG_UNIT', 'Write 0.1%.']],
  [
    'wrong-duration-unit',
    ['wrong-duration-unit.yaml:10:21 CHAOS_WRONG_UNIT', 'Write a number with its unit: 200ms, 10s, 2m, 1h.'],
  ],
  ['impossible-share', ['impossible-share.yaml:11:22 CHAOS_WRONG_VALUE', 'Write a percentage between 0% and 100%']],
  ['no-percentile', ['no-percentile.yaml:10:5 CHAOS_WRONG_VALUE', 'Write at least one of p50, p90, p95, p99']],
  [
    'bare-fault',
    ['bare-fault.yaml:8:5 CHAOS_WRONG_TYPE', 'Write { bandwidth: { link: app-to-primary, rate: 100KB/s } }.'],
  ],
  [
    'two-faults-in-one',
    ['two-faults-in-one.yaml:8:5 CHAOS_WRONG_VALUE', 'Write one fault in an item: this item has kill and pause.'],
  ],

  // One thing has one word everywhere (case C18).
  [
    'second-word',
    ['second-word.yaml:9:25 CHAOS_UNKNOWN_KEY', 'Write "service": it names a service or a group wherever'],
    ['second-word.yaml:10:17 CHAOS_UNKNOWN_KEY', 'Write "service": it names a group too.'],
    ['second-word.yaml:12:17 CHAOS_UNKNOWN_KEY', 'Write "service": it names a service or a group wherever'],
    ['second-word.yaml:13:26 CHAOS_UNKNOWN_KEY', 'Write "of": it says whose figure is meant.'],
    ['second-word.yaml:15:17 CHAOS_UNKNOWN_KEY', 'Write "service": it names a service or a group wherever'],
  ],

  // Names that do not exist, and times that do not fit.
  ['unknown-fault', ['unknown-fault.yaml:8:5 CHAOS_UNKNOWN_FAULT', 'Did you mean "kill"?']],
  [
    'unknown-check',
    ['unknown-check.yaml:11:5 CHAOS_UNKNOWN_CHECK', `Known names: ${checks.map(({ name }) => name).join(', ')}.`],
  ],
  ['unknown-service', ['unknown-service.yaml:8:22 CHAOS_UNKNOWN_SERVICE', 'Did you mean "redis"?']],
  ['unknown-peer', ['unknown-peer.yaml:8:43 CHAOS_UNKNOWN_SERVICE', 'Did you mean "postgres"?']],
  ['unknown-group', ['unknown-group.yaml:12:26 CHAOS_UNKNOWN_SERVICE', 'Did you mean "postgres"?']],
  ['unknown-link', ['unknown-link.yaml:8:22 CHAOS_UNKNOWN_LINK', 'Did you mean "app-to-redis"?']],
  ['unknown-endpoint', ['unknown-endpoint.yaml:10:32 CHAOS_UNKNOWN_ENDPOINT', 'Did you mean "GET /api/dashboard"?']],
  ['unknown-phase', ['unknown-phase.yaml:10:47 CHAOS_WRONG_VALUE', 'Did you mean "fault"?']],
  ['warmup-judged', ['warmup-judged.yaml:10:37 CHAOS_WRONG_VALUE', 'Known names: baseline, fault, heal, recovery.']],
  [
    'role-without-group',
    ['role-without-group.yaml:8:35 CHAOS_NO_ROLES', 'Only members of a group have roles. Known groups: postgres.'],
  ],
  ['replica-too-high', ['replica-too-high.yaml:8:36 CHAOS_NO_REPLICA', 'Write a number from 1 to 3.']],
  ['fault-too-late', ['fault-too-late.yaml:8:33 CHAOS_FAULT_TOO_LONG', 'Shorten "at", or lengthen phases.fault.']],
  [
    'fault-too-long',
    ['fault-too-long.yaml:8:42 CHAOS_FAULT_TOO_LONG', 'Shorten "at" and "for", or lengthen phases.fault.'],
  ],
  [
    'empty-phase',
    ['empty-phase.yaml:10:37 CHAOS_EMPTY_PHASE', 'Give phases.baseline a length, or leave baseline out here.'],
  ],
  [
    'many-mistakes',
    ['many-mistakes.yaml:1:1 CHAOS_UNKNOWN_KEY', 'Did you mean "title"?'],
    ['many-mistakes.yaml:6:33 CHAOS_WRONG_UNIT', 'Write 20ms or 20s.'],
    ['many-mistakes.yaml:8:22 CHAOS_UNKNOWN_SERVICE', 'Did you mean "redis"?'],
    ['many-mistakes.yaml:11:49 CHAOS_UNKNOWN_ENDPOINT', 'Known names: all, reads, writes, GET /api/dashboard,'],
  ],

  // The files that an experiment names.
  ['missing-topology', ['missing-topology.yaml:2:11 CHAOS_FILE_MISSING', 'Run `ls experiments/`']],
  ['missing-workload', ['missing-workload.yaml:4:13 CHAOS_FILE_MISSING', 'Run `ls experiments/`']],
  ['topology-not-local', ['compose-secret.yml:6:13 CHAOS_WRONG_VALUE', 'Write an address on 127.0.0.1 with its port.']],
  ['topology-undescribed', ['compose-undescribed.yml:1:1 CHAOS_TOPOLOGY_INVALID', 'It describes links and addresses.']],
  [
    'topology-unknown-names',
    ['compose-unknown-names.yml:12:53 CHAOS_UNKNOWN_SERVICE', 'Did you mean "app"?'],
    ['compose-unknown-names.yml:15:36 CHAOS_UNKNOWN_SERVICE', 'Did you mean "redis"?'],
  ],
  ['workload-bad-template', ['workload-template.yaml:10:44 CHAOS_WORKLOAD', 'Write one of {{int 1 10000}}']],
  [
    'workload-odd-path',
    ['workload-paths.yaml:6:17 CHAOS_WRONG_VALUE', 'Write a path that begins with / and has no spaces'],
    ['workload-paths.yaml:7:17 CHAOS_WRONG_VALUE', 'Write a path that begins with / and has no spaces'],
  ],
  [
    'workload-odd-number',
    ['workload-numbers.yaml:7:30 CHAOS_WORKLOAD', 'Write one of {{int 1 10000}}'],
    ['workload-numbers.yaml:10:9 CHAOS_WORKLOAD', 'Write the number in digits: 10, 1.5, 1e6.'],
  ],
  ['workload-unaudited-write', ['workload-unaudited.yaml:7:9 CHAOS_WORKLOAD', 'Say how its writes are found again']],
  [
    'workload-untraceable-write',
    ['workload-untraceable.yaml:10:9 CHAOS_WORKLOAD', 'Put "{{token}}" into one field of the body'],
  ],
];

/** Fixtures that hold no mistake, and workloads that other fixtures name. */
const OTHERS = [
  'sound',
  'too-few-requests',
  'workload',
  'workload-numbers',
  'workload-paths',
  'workload-template',
  'workload-unaudited',
  'workload-untraceable',
];

describe('a broken experiment', () => {
  for (const [name, ...mistakes] of TABLE) {
    it(`is refused: ${name}, ${mistakes.map(([place]) => place.replace(/^[\w-]+\./, '.')).join(', ')}`, () => {
      const { plan, problems } = read(join(BROKEN, `${name}.yaml`));
      expect(plan).to.equal(undefined);
      expect(problems.map(told)).to.deep.equal(mistakes.map(([place]) => place));
      problems.forEach((problem, i) => {
        expect(problem.hint.startsWith(mistakes[i]?.[1] ?? '?'), problem.hint).to.equal(true);
        expect(problem.message).to.match(/\S/);
        expect(problem.severity).to.equal('error');
      });
    });
  }

  it('has its row in the table of this test, for every fixture file', () => {
    const files = readdirSync(BROKEN).flatMap((f) => (f.endsWith('.yaml') ? [f.replace('.yaml', '')] : []));
    expect([...TABLE.map(([name]) => name), ...OTHERS]).to.have.members(files);
  });

  it('is refused at the column at which the wrong word begins', () => {
    const { problems } = read(join(BROKEN, 'unknown-service.yaml'));
    const { line = 0, column = 0 } = problems[0] ?? {};
    const text = readFileSync(join(BROKEN, 'unknown-service.yaml'), 'utf8').split('\n')[line - 1] ?? '';
    expect(text.slice(column - 1)).to.match(/^reddis /);
  });

  it('is refused without showing a password of the topology', () => {
    const { problems } = read(join(BROKEN, 'topology-not-local.yaml'));
    expect(JSON.stringify(problems)).not.to.include('not-a-secret');
  });

  it('is read with only a warning when too few requests are planned to settle a hypothesis', () => {
    const { plan, problems, warnings } = read(join(BROKEN, 'too-few-requests.yaml'));
    expect(plan?.title).to.equal('Losing Redis fails no request');
    expect(problems).to.deep.equal([]);
    expect(warnings.map(told)).to.deep.equal(['too-few-requests.yaml:11:37 CHAOS_TOO_FEW_REQUESTS']);
    expect(warnings[0]?.message).to.include('needs 2995 clean requests');
  });
});
