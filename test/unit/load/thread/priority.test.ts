import { readdirSync, readFileSync } from 'node:fs';
import { expect } from 'chai';
import { describe, it } from 'mocha';
import { keepProcessAhead, PRIORITY, runAheadOfOthers } from '../../../../harness/load/thread/priority.ts';

/** The real-time priority of every thread of this process; 0 is none. Field 40 of /proc/PID/task/TID/stat (proc(5)). */
const priorities = (): number[] =>
  readdirSync('/proc/self/task').map((thread) => {
    const stat = readFileSync(`/proc/self/task/${thread}/stat`, 'utf8');
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[40 - 3]);
  });

describe('the priority of a process that sends load', () => {
  it('is had by every thread while any load needs it, and by none afterwards', async function () {
    const [one, two] = [await keepProcessAhead(), await keepProcessAhead()];
    // Who may not give priorities sends the load without them, and the run says when it was late.
    const allowed = await runAheadOfOthers(PRIORITY.usual);
    if (allowed) expect([...new Set(priorities())]).to.deep.equal([PRIORITY.usual]);
    await one[Symbol.asyncDispose]();
    await one[Symbol.asyncDispose]();
    if (allowed) expect([...new Set(priorities())]).to.deep.equal([PRIORITY.usual]);
    await two[Symbol.asyncDispose]();
    expect([...new Set(priorities())]).to.deep.equal([0]);
    if (!allowed) this.skip();
  });
});
