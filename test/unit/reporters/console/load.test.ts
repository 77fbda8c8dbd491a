import { expect } from 'chai';
import { describe, it } from 'mocha';
import type { RunEvent } from '../../../../harness/core/record/events.ts';
import { liveLoad } from '../../../../harness/reporters/console/load.ts';

const tick = (second: number, ok = 300): RunEvent => ({
  kind: 'load',
  t: 1_000_000_000 + second * 1_000,
  planned: 300,
  sent: 300,
  ok,
  failed: 300 - ok,
  dropped: 0,
  in_flight: 2,
  p50_ms: 5.1,
  p95_ms: 6.2,
  lag_p99_ms: 0.3,
  pressure_ok: 0,
  pressure_failed: 0,
});

function written(isTTY: boolean, columns: number, seconds: number): string[] {
  const lines: string[] = [];
  const live = liveLoad({ write: (text) => void lines.push(text), isTTY, columns, color: false }, 20_000);
  for (let second = 1; second <= seconds; second += 1) live.onEvent(tick(second, second === 2 ? 290 : 300));
  live.close();
  return lines.filter((line) => line !== '');
}

describe('the live line of a load', () => {
  it('is rewritten every second on a terminal, cut to its width, and removed at the end', () => {
    const lines = written(true, 60, 3);
    expect(lines).to.have.length(4);
    expect(lines.every((line) => line.startsWith('\r\x1b[2K') && !line.includes('\n'))).to.equal(true);
    expect(lines[1]).to.equal('\r\x1b[2K2 s of 20 s  300/s  ok 590  failed 10  in flight 2  answers');
    expect(lines.at(-1)).to.equal('\r\x1b[2K');
    expect(written(true, 0, 1)[0]).to.match(/late 0\.3 ms$/);
  });

  it('is a plain line every five seconds when there is no terminal', () => {
    const lines = written(false, 60, 12);
    expect(lines.map((line) => line.slice(0, 13))).to.deep.equal(['1 s of 20 s  ', '6 s of 20 s  ', '11 s of 20 s ']);
    expect(lines[1]).to.equal(
      '6 s of 20 s  300/s  ok 1,790  failed 10  in flight 2  answers: p50 5.1 ms  p95 6.2 ms  late 0.3 ms\n',
    );
  });
});
