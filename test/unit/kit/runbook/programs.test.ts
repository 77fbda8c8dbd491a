import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { describe, it } from 'mocha';
import { programsIn } from '../../../../harness/kit/runbook/programs.ts';
import { readRunbook } from '../../../../harness/plan/index.ts';
import { series } from '../../../../harness/series/index.ts';
import { ROOT } from '../../../helpers/chaos.ts';

const CASES: readonly (readonly [script: string, programs: readonly string[]])[] = [
  ['redis-cli info memory | tr -d "\\r" | awk -F: \'{ print $1; system("x") }\'', ['redis-cli', 'tr', 'awk']],
  ['psql -Atc "select 1; delete from a where b | c && d"', ['psql']],
  ['chmod u+w "$(redis-cli config get dir | tail -1)"', ['chmod', 'redis-cli', 'tail']],
  ['a=1 b="$(date +%s)" node -e \'f(); g | h\'', ['node', 'date']],
  ['$tool --now; "$TOOL"; /usr/bin/env x; ./here', []],
  ['echo hi; printf x; [ -n "$a" ] && exit 0; read -r a; kill -9 1', []],
  ["timeout -k 5 2 bash -c 'exec 3<>/dev/tcp/a/1 && head -n 1 <&3' || echo no", ['timeout', 'bash', 'head']],
  ['exec env A=1 nginx -t', ['env', 'nginx']],
  ['find . -name "*.log" | xargs -0 rm -f', ['find', 'xargs', 'rm']],
  ['for p in /proc/[0-9]* $(ls /tmp); do\n  grep -q x "$p" && cut -c1 "$p"\ndone', ['ls', 'grep', 'cut']],
  [
    'case "$(uname -m)" in\n  x86_64 | amd64) lscpu ;;\n  arm*) arch ;;\nesac; sort a',
    ['uname', 'lscpu', 'arch', 'sort'],
  ],
  ['case $a in b) case $c in d) one ;; esac ;; e) two ;; esac\nthree', ['one', 'two', 'three']],
  ['look() { df -h; }\nlook; look | tail -n 1', ['df', 'tail']],
  ['(sleep 0.5; kill -KILL $pids) >/dev/null 2>&1 </dev/null &\necho ends', ['sleep']],
  ['if grep -q a b; then\n  sed -i d b\nelse\n  touch b\nfi', ['grep', 'sed', 'touch']],
  ['while ! pg_isready -q; do sleep 1; done', ['pg_isready', 'sleep']],
  ['n=$((n + 1)); wc -l </etc/passwd # curl is not here', ['wc']],
  ['cat a >b; cat <c >>d 2>/dev/null', ['cat']],
  ['echo "today: `date`, $(hostname) and ${a:-x y}"', ['date', 'hostname']],
  ['curl \\\n  -s http://a', ['curl']],
];

describe('the programs that a script starts', () => {
  for (const [script, programs] of CASES)
    it(`are found in: ${script.split('\n')[0]}`, () => {
      expect(programsIn(script)).to.have.members(programs);
    });

  it('are plausible in every shipped runbook: each is a name, and the SQL and JavaScript in it start none', () => {
    const folder = join(ROOT, 'runbooks');
    const names = new Set<string>();
    for (const file of readdirSync(folder).filter((name) => name.endsWith('.md') && name !== 'README.md'))
      for (const { run, where } of readRunbook(join(folder, file), series).runbook?.commands ?? [])
        if (where !== 'host') for (const name of programsIn(run)) names.add(name);
    expect([...names].toSorted()).to.deep.equal(
      'awk bash cat chmod cut date df find getent grep head node openssl psql redis-cli rotate-certificate sed sleep sort tail timeout tr uniq'.split(
        ' ',
      ),
    );
  });
});
