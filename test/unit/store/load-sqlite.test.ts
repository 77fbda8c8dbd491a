import { expect } from 'chai';
import { describe, it } from 'mocha';
import { loadSqlite } from '../../../harness/store/load-sqlite.ts';

/** Returns the warnings that come through while something like SQLite warns as it is loaded. */
function passed(warn: () => void): unknown[] {
  const emitWarning: unknown = Reflect.get(process, 'emitWarning');
  const seen: unknown[] = [];
  Reflect.set(process, 'emitWarning', (...args: readonly unknown[]) => void seen.push(args));
  try {
    loadSqlite(() => {
      warn();
      return process.getBuiltinModule('node:sqlite');
    });
    process.emitWarning('after', 'ExperimentalWarning');
  } finally {
    Reflect.set(process, 'emitWarning', emitWarning);
  }
  return seen;
}

const AFTER = ['after', 'ExperimentalWarning'];

describe('the SQLite of Node', () => {
  it('is loaded without the warning of earlier releases that it is experimental', () => {
    const text = 'SQLite is an experimental feature and might change at any time';
    expect(passed(() => process.emitWarning(text, 'ExperimentalWarning'))).to.deep.equal([AFTER]);
    expect(passed(() => process.emitWarning(text, { type: 'ExperimentalWarning' }))).to.deep.equal([AFTER]);
  });

  it('hides no other warning', () => {
    const others = [
      ['SQLite is slow today', 'Warning'],
      ['Glob is an experimental feature', 'ExperimentalWarning'],
      ['The SQLite of another', 'ExperimentalWarning'],
    ] as const;
    expect(passed(() => others.forEach(([text, type]) => process.emitWarning(text, type)))).to.deep.equal([
      ...others,
      AFTER,
    ]);
  });
});
