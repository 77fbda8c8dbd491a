import { expect } from 'chai';
import { describe, it } from 'mocha';
import markdown from '../../../harness/reporters/markdown.ts';
import { hostileRun } from '../../helpers/samples/hostile.ts';
import { interruptedRun, notReadyRun, sampleRun } from '../../helpers/samples/run.ts';

/** The number of parts into which bars divide a line. An escaped bar divides nothing. */
const bars = (line: string): number => line.replaceAll(/\\./g, '').split('|').length;

describe('summary.md', () => {
  it('begins with the verdict and the title', () => {
    expect(markdown.render(sampleRun()).split('\n')[0]).to.match(
      /^### [✓?] (?:PASS|INCONCLUSIVE) · Losing the Postgres primary/,
    );
    expect(markdown.render(sampleRun({ lost: 1 })).split('\n')[0]).to.match(/^### ✗ FAIL · /);
    expect(markdown.render(interruptedRun()).split('\n')[0]).to.match(/^### ■ INTERRUPTED · /);
    expect(markdown.render(notReadyRun())).to.match(/^### ○ NOT READY · [^]*nothing was broken ✓/);
    const { document, ...run } = notReadyRun();
    const failed = {
      ...document,
      verdict: 'ERROR',
      faults: sampleRun().document.faults.map((one) => ({ ...one, injected: null })),
    } as const;
    expect(markdown.render({ ...run, document: failed }), 'the fault may have done a part').to.match(
      /nothing is left of any[^]*no fault was in force, nothing is left ✓/,
    );
  });

  it('has as many cells in every row of a table as in its head, whatever the texts are', () => {
    for (const run of [sampleRun({ lost: 1 }), hostileRun(), interruptedRun()]) {
      const blocks = markdown
        .render(run)
        .split('\n\n')
        .filter((block) => block.startsWith('| '));
      expect(blocks.length).to.be.greaterThan(1);
      for (const block of blocks) {
        const counts = block.split('\n').map(bars);
        expect(new Set(counts).size, block).to.equal(1);
      }
    }
  });

  it('turns no text of a run into markup', () => {
    const text = markdown.render(hostileRun()).replaceAll(/\\./g, '');
    const outside = text.replaceAll(/```[^]*?```/g, '');
    expect(outside).not.to.include('<script>');
    expect(outside).not.to.match(/^# more/m);
  });

  it('names each residue with the command that undoes it', () => {
    const run = sampleRun({
      document: {
        verdict: 'NOT RESTORED',
        restored: false,
        residue: [{ kind: 'toxic', target: 'x', how_to_undo: 'curl -X DELETE http://127.0.0.1:1/x' }],
      },
    });
    expect(markdown.render(run)).to.include(
      '- **left behind:** toxic x — repair it with: curl -X DELETE http://127.0.0.1:1/x',
    );
  });

  it('stays below the size limit of a step summary', () => {
    const run = sampleRun();
    const checks = Array.from({ length: 5_000 }, (_, i) => ({
      ...run.document.checks[0]!,
      name: `check ${i} ${'x'.repeat(900)}`,
    }));
    const text = markdown.render({ ...run, document: { ...run.document, checks } });
    expect(text.length).to.be.below(200_000);
    expect(text).to.match(/more in report\.html|cut here: report\.html has everything/);
  });
});
