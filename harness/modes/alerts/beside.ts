import { ON_THE_WAY } from '../../core/alerts/mutants.ts';
import type { AlertRuleText } from '../../core/alerts/rule.ts';
import type { Command } from '../../core/topology/command.ts';
import type { Held, Hold } from '../../core/topology/hold.ts';
import { containerName } from '../../core/topology/aim.ts';
import type { TopologySpec } from '../../core/topology/spec.ts';

/** What a proof changes in the watching, each with its way back on disk first. */
interface Changing {
  act(command: Command): Promise<string>;
  hold(hold: Hold): Promise<Held>;
}

/** promtool goes through hours and days of made-up samples. Milliseconds. */
const PROMTOOL_MS = 60_000;
const RULES = '/etc/prometheus/rules/chaos-beside.yaml';
const CONFIG = '/etc/prometheus/alertmanager.yml';
/** Asks a server in the same container, and succeeds when it answers 200 or 204. */
const ASK = `ask() { exec 3<>/dev/tcp/127.0.0.1/$1 && printf '%s %s HTTP/1.1\\r\\nHost: x\\r\\nConnection: close\\r\\nContent-Length: %d\\r\\n\\r\\n%s' "$2" "$3" "\${#4}" "$4" >&3 && IFS= read -r -u 3 line && [[ $line == *' 20'[04]' '* ]]; }`;

/** Changes the watching of a topology, and knows the way back of each change. */
export class Beside {
  readonly #spec: TopologySpec;
  readonly #by: Changing;

  constructor(spec: TopologySpec, by: Changing) {
    this.#spec = spec;
    this.#by = by;
  }

  /**
   * Asks promtool for the tests that name a rule. Resolves with why they do not show that it rings, and with undefined when
   * they do.
   */
  async promtool(rule: string): Promise<string | undefined> {
    const script = `cd /etc/prometheus/tests && files=$(grep -lw "$1" *.yaml) || { echo 'no test names it'; exit; }; promtool test rules $files 2>&1 | tail -20; exit \${PIPESTATUS[0]}`;
    const container = containerName(this.#spec, 'prometheus', 1);
    const said = await this.#by.act({
      in: container,
      run: ['bash', '-c', `(${script}); echo "ended $?"`, 'promtool', rule],
      ms: PROMTOOL_MS,
    });
    if (said.includes('no test names it')) return 'no test of promtool names it';
    return said.trimEnd().endsWith('ended 0') ? undefined : `promtool: ${said.trim()}`;
  }

  /** Loads rules beside those that Prometheus has. */
  rules(rules: readonly AlertRuleText[]): Promise<Held> {
    const file = JSON.stringify({ groups: [{ name: 'chaos-beside', rules: rules.map(asPrometheus) }] });
    return this.#change(
      'prometheus',
      'rules beside its own',
      [`printf '%s' "$1" > ${RULES} && promtool check rules ${RULES} >&2 && ask 9090 POST /-/reload ''`, file],
      [`rm -f ${RULES} && ask 9090 POST /-/reload ''`],
    );
  }

  /** Lets a route of Alertmanager drop what has the label `mutant="route drops it"`. */
  route(): Promise<Held> {
    const [drops] = ON_THE_WAY;
    const edit = `sed -e "s/^  routes:$/  routes:\\n    - { matchers: ['mutant = \\"${drops}\\"'], receiver: nobody }/" -e 's/^receivers:$/receivers:\\n  - name: nobody/'`;
    return this.#change(
      'alertmanager',
      'a route that drops',
      [
        `cp ${CONFIG} ${CONFIG}.copy && mv ${CONFIG}.copy ${CONFIG}.sound && ${edit} ${CONFIG}.sound > ${CONFIG} && amtool check-config ${CONFIG} >&2 && ask 9093 POST /-/reload ''`,
      ],
      // A second try loads it again too: the first may have failed there.
      [`{ [ ! -f ${CONFIG}.sound ] || mv ${CONFIG}.sound ${CONFIG}; } && ask 9093 POST /-/reload ''`],
    );
  }

  /** Leaves a silence behind, for what has the label `mutant="silence left behind"`. */
  silence(): Promise<Held> {
    const [, left = ''] = ON_THE_WAY;
    const amtool = 'amtool --alertmanager.url=http://127.0.0.1:9093 silence';
    return this.#change(
      'alertmanager',
      'a silence',
      [`${amtool} add --author=chaos --comment=proof --duration=6h "mutant=\\"$1\\""`, left],
      // An Alertmanager that does not answer has no list, and that is not an empty list.
      [`ids=$(${amtool} query -q "mutant=\\"$1\\"") && for id in $ids; do ${amtool} expire $id || exit 1; done`, left],
    );
  }

  /** Makes today a wedding day. */
  weddingDay(): Promise<Held> {
    return this.#change(
      'pager',
      'the wedding day',
      [`ask 9094 PUT /metrics/wedding-day 'wedsync_wedding_day_forced 1'`],
      [`ask 9094 DELETE /metrics/wedding-day ''`],
    );
  }

  #change(service: string, what: string, there: readonly string[], back: readonly string[]): Promise<Held> {
    const container = containerName(this.#spec, service, 1);
    const command = ([script = '', ...args]: readonly string[]): Command => ({
      in: container,
      run: ['bash', '-c', `${ASK}; ${script}`, what, ...args],
    });
    return this.#by.hold({
      place: container,
      what,
      value: 'in force',
      before: () => [{ do: 'command', command: command(back) }],
      set: () => this.#by.act(command(there)),
    });
  }
}

const asPrometheus = ({ name, expr, for: lasts, labels }: AlertRuleText): object => ({
  alert: name,
  expr,
  ...(lasts === undefined ? {} : { for: lasts }),
  labels,
});
