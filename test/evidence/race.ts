import { parseArgs } from 'node:util';
import { race } from '../helpers/race/race.ts';
import { say } from './figures.ts';

// Lets processes race for a lock, and kills some in between. Exit 1 when two held it at once.
const HELP = `Usage: npm run race -- [--contenders 20] [--times 200] [--seed 1]
  --contenders N   processes that race; a killed one is replaced
  --times N        how often the lock is taken; one process is killed (SIGKILL) for every two times
  --seed N         the seed of the kills
Exit 1 when two processes held the lock at once, or when nobody took it for 30 s.`;

const { values } = parseArgs({
  options: {
    contenders: { type: 'string', default: '20' },
    times: { type: 'string', default: '200' },
    seed: { type: 'string', default: '1' },
    help: { type: 'boolean', default: false },
  },
});

if (values.help) say(HELP);
else {
  const [contenders, times, seed] = [values.contenders, values.times, values.seed].map(Number) as [
    number,
    number,
    number,
  ];
  const raced = await race({ contenders, times, timesPerKill: 2, seed });
  say(
    `${contenders} processes took the lock ${raced.taken} times. ${raced.kills} were killed, ${raced.killedHolders} of them while they held it.`,
  );
  say(`The longest time until the next took it: ${raced.longestWaitMs.toFixed(0)} ms.`);
  say(raced.wrong.length === 0 ? 'Never two holders, never stuck.' : `WRONG: ${raced.wrong.join('; ')}`);
  if (raced.wrong.length > 0) process.exitCode = 1;
}
