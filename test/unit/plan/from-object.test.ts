import { expect } from 'chai';
import { describe, it } from 'mocha';
import { parse } from 'yaml';
import { fileOfObject } from '../../../harness/plan/index.ts';

const OPTIONS = { folder: '/reports/experiments', from: '/shop' };

describe('the file of an experiment that is an object', () => {
  it('has the name of the title, and absolute paths', () => {
    const load = { workload: 'load/read.yaml', rate: '5/s' };
    const { file, text } = fileOfObject(
      { title: 'Losing Redis: no request fails!', topology: 'compose.yml', load },
      OPTIONS,
    );
    expect(file).to.equal('/reports/experiments/losing-redis-no-request-fails.yaml');
    expect(parse(text)).to.deep.equal({
      title: 'Losing Redis: no request fails!',
      topology: '/shop/compose.yml',
      load: { workload: '/shop/load/read.yaml', rate: '5/s' },
    });
  });

  it('takes a list of compose files, leaves out keys without a value, and writes a value twice instead of an alias', () => {
    const during = ['fault'];
    const { text } = fileOfObject(
      { topology: ['a.yml', '/b.yml'], tags: undefined, a: { during }, b: { during } },
      OPTIONS,
    );
    expect(parse(text)).to.deep.equal({ topology: ['/shop/a.yml', '/b.yml'], a: { during }, b: { during } });
    expect(text).not.to.include('&');
  });

  it('has a name without a title too, and leaves wrong types for the schema to report', () => {
    const { file, text } = fileOfObject({ title: 7, topology: 8, load: 'none' }, OPTIONS);
    expect(file).to.equal('/reports/experiments/experiment.yaml');
    expect(parse(text)).to.deep.equal({ title: 7, topology: 8, load: 'none' });
  });
});
