import { type Element, elementsOf } from './xml.ts';

/** What an element may be like: its attributes, and its children in their order, each as often as it says. */
interface Rule {
  readonly required: readonly string[];
  readonly optional: readonly string[];
  readonly children: readonly (readonly [names: readonly string[], most: number])[];
}

const TEXT: Rule = { required: [], optional: ['type', 'message'], children: [] };

/**
 * The rules of Jenkins' junit-10.xsd, narrowed to what Ant's and Surefire's readers want too: children in a fixed order,
 * one outcome a case. `file` of a case is GitLab's.
 */
const RULES: Readonly<Record<string, Rule>> = {
  testsuites: {
    required: [],
    optional: ['name', 'time', 'tests', 'failures', 'errors'],
    children: [[['testsuite'], Infinity]],
  },
  testsuite: {
    required: ['name', 'tests', 'failures', 'errors'],
    optional: ['time', 'skipped', 'timestamp', 'hostname', 'id', 'package', 'file'],
    children: [
      [['properties'], 1],
      [['testcase'], Infinity],
      [['system-out'], 1],
      [['system-err'], 1],
    ],
  },
  properties: { required: [], optional: [], children: [[['property'], Infinity]] },
  property: { required: ['name', 'value'], optional: [], children: [] },
  testcase: {
    required: ['name', 'classname'],
    optional: ['time', 'file'],
    children: [[['skipped', 'error', 'failure'], 1]],
  },
  failure: TEXT,
  error: TEXT,
  skipped: TEXT,
  'system-out': { required: [], optional: [], children: [] },
  'system-err': { required: [], optional: [], children: [] },
};

const COUNT = /^(?:0|[1-9]\d*)$/;
const TIME = /^\d+(?:\.\d+)?$/;
/** With the zone that the moment is meant in, as GitLab and Jenkins read it. */
const MOMENT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z$/;
const FORMS: Readonly<Record<string, RegExp>> = {
  tests: COUNT,
  failures: COUNT,
  errors: COUNT,
  skipped: COUNT,
  time: TIME,
  timestamp: MOMENT,
};

/** Returns every breach of the rules of JUnit files in a text. Throws when the text is no XML. */
export function junitMistakes(xml: string): string[] {
  const [root, ...others] = elementsOf(xml);
  if (root?.name !== 'testsuites' || others.length > 0) return ['the root is not one <testsuites>'];
  return [...misplaced(root), ...miscounted(root), ...doubled(root)];
}

function misplaced({ name, of, children }: Element): string[] {
  const rule = RULES[name];
  if (rule === undefined) return [`<${name}> is unknown`];
  const known = [...rule.required, ...rule.optional];
  return [
    ...rule.required.filter((one) => of[one] === undefined).map((one) => `<${name}> has no ${one}`),
    ...Object.keys(of)
      .filter((one) => !known.includes(one))
      .map((one) => `<${name}> may have no ${one}`),
    ...Object.entries(of)
      .filter(([key, value]) => FORMS[key]?.test(value) === false)
      .map(([key, value]) => `<${name}> has ${key}="${value}"`),
    ...disordered(name, rule, children),
    ...children.flatMap(misplaced),
  ];
}

function disordered(name: string, { children: groups }: Rule, children: readonly Element[]): string[] {
  let at = 0;
  let seen = 0;
  for (const child of children) {
    const group = groups.findIndex(([names]) => names.includes(child.name));
    if (group < 0) return [`<${name}> may hold no <${child.name}>`];
    if (group < at) return [`<${name}> holds <${child.name}> too late`];
    seen = group === at ? seen + 1 : 1;
    at = group;
    if (seen > (groups[group]?.[1] ?? 0)) return [`<${name}> holds <${child.name}> too often`];
  }
  return [];
}

function miscounted(root: Element): string[] {
  const of = (suites: readonly Element[], outcome: string): number =>
    casesOf(suites).filter(({ children }) => children.some(({ name }) => name === outcome)).length;
  const wrong = (element: Element, suites: readonly Element[], key: string, is: number): string[] =>
    element.of[key] === undefined || Number(element.of[key]) === is
      ? []
      : [
          `<${element.name} name="${element.of['name'] ?? ''}"> says ${key}="${element.of[key] ?? ''}", and it has ${is}`,
        ];
  return [root, ...root.children].flatMap((element) => {
    const suites = element === root ? root.children : [element];
    return [
      ...wrong(element, suites, 'tests', casesOf(suites).length),
      ...wrong(element, suites, 'failures', of(suites, 'failure')),
      ...wrong(element, suites, 'errors', of(suites, 'error')),
      ...wrong(element, suites, 'skipped', of(suites, 'skipped')),
    ];
  });
}

const casesOf = (suites: readonly Element[]): Element[] =>
  suites.flatMap(({ children }) => children.filter(({ name }) => name === 'testcase'));

/** GitLab keeps one of several cases of a job with the same class and name, whatever their test suites are. */
function doubled(root: Element): string[] {
  const keys = casesOf(root.children).map(({ of }) => `${of['classname'] ?? ''} ${of['name'] ?? ''}`);
  const names = root.children.map(({ of }) => of['name'] ?? '');
  const twice = (all: readonly string[]): string[] => all.filter((one, i) => all.indexOf(one) !== i);
  return [
    ...twice(keys).map((key) => `two cases are "${key}"`),
    ...twice(names).map((name) => `two test suites are "${name}"`),
  ];
}
