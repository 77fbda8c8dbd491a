import type { Check } from '../../core/kinds/check.ts';
import type { Invalidity } from '../../core/record/events.ts';
import type { History } from '../../core/record/history.ts';
import { baselineGate } from './baseline.ts';
import { clockGate } from './clock.ts';
import { closedGate } from './closed.ts';
import { controlledGate } from './controlled.ts';
import { ledgerGate } from './ledger.ts';
import { loadOfRunGate } from './load-of-run.ts';
import { passedGate } from './passed.ts';
import { putBackGate } from './put-back.ts';
import { reconciledGate } from './reconciled.ts';
import { stolenGate } from './stolen.ts';
import { waitedGate } from './waited.ts';

/** Returns the reasons of all gates why a run proves nothing. They outrank its checks. Pure over the record. */
export const invalidities = (history: History, checks: readonly Check[]): Invalidity[] => [
  ...closedGate(history),
  ...passedGate(history),
  ...loadOfRunGate(history),
  ...ledgerGate(history),
  ...baselineGate(history, checks),
  ...stolenGate(history),
  ...clockGate(history),
  ...reconciledGate(history),
  ...waitedGate(history),
  ...controlledGate(history),
  ...putBackGate(history),
];
