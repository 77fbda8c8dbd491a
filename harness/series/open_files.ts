import { defineSeries } from '../core/kinds/series.ts';
import { MAIN_PROCESS } from '../kit/acts/processes.ts';
import { printedBy } from '../kit/measured.ts';
import { ofContainer, readingsOf } from '../kit/series/readings.ts';
import { servers, servicesFor } from '../kit/series/servers.ts';

const NAME = 'open_files';
const UNIT = 'count';
const EVERY_MS = 5_000;

/** Prints how many descriptors are open. Prints nothing when they cannot be seen: 0 would be within every limit. */
const COUNT = `${MAIN_PROCESS}
set -- "/proc/$main/fd/"*
[ -L "$1" ] && echo $#`;

export default defineSeries({
  name: NAME,
  summary: 'How many file descriptors the main process of a container has open. The container needs a shell.',
  unit: UNIT,
  everyMs: EVERY_MS,
  momentary: true,
  of: servers,
  example: { of: 'app', above: 900 },
  needs: (of, spec) =>
    printedBy(servicesFor(of, spec), {
      run: ['sh', '-c', COUNT, 'count-open-files'],
      name: NAME,
      unit: UNIT,
      everyMs: EVERY_MS,
    }),
  read: readingsOf(NAME, ofContainer),
});
