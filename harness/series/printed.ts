import { z } from 'zod';
import { defineSeries } from '../core/kinds/series.ts';
import { printedBy } from '../kit/measured.ts';
import { ofContainer, readingsOf } from '../kit/series/readings.ts';
import { servicesFor } from '../kit/series/servers.ts';

const NAME = 'printed';
const UNIT = 'count';
const EVERY_MS = 2_000;

/** "worker: cat /proc/loadavg": a service or a group, and a script for `sh`. */
const FORM = /^([\w.-]+):\s+(\S[\s\S]*)$/;

interface Script {
  readonly of: string;
  readonly script: string;
}

function scriptIn(text: string): Script {
  const [, of = '', script = ''] = FORM.exec(text) ?? [];
  return { of, script };
}

const text = z
  .string()
  .regex(FORM, { error: 'write a service and what prints the number there: "worker: ls /tmp | wc -l"' })
  .meta({
    description: 'A service, a colon, and a script that prints one number',
    examples: ['worker: ls /tmp | wc -l'],
  });

const nameOf = (of: string): string => `${NAME} ${of}`;

export default defineSeries({
  name: NAME,
  summary: 'A number that a script prints in each container of a service. The script must change nothing.',
  unit: UNIT,
  everyMs: EVERY_MS,
  momentary: true,
  of: { schema: text, refers: (of) => ({ server: scriptIn(of).of }) },
  example: { of: 'worker: ls /tmp | wc -l', above: 100 },
  needs(of, spec) {
    if (of === undefined) return {};
    const { of: server, script } = scriptIn(of);
    const run = ['sh', '-c', script, 'print-a-number'];
    return printedBy(servicesFor(server, spec), { run, name: nameOf(of), unit: UNIT, everyMs: EVERY_MS });
  },
  read(of, spec) {
    if (of !== undefined)
      return readingsOf(nameOf(of), (_, labels) => ofContainer(scriptIn(of).of, labels, spec))(of, spec);
    // Without `of` every script is read, and two of them may run in one container.
    return (event) =>
      event.kind === 'reading' && event.name.startsWith(nameOf(''))
        ? [{ labels: { script: event.name.slice(nameOf('').length), ...event.labels }, value: event.value }]
        : [];
  },
});
