import type { MetricLabels } from '../topology/monitoring.ts';
import type { Verdict } from '../verdict.ts';
import type { GameDay, GamedayRole } from './gameday.ts';

/** The version of the record's form. */
export const GAMEDAY_VERSION = 1;

/** Who did something. */
export interface Actor {
  readonly role: GamedayRole;
  /** The name that the person gave. */
  readonly who: string;
}

/** What a scribe's key says: o, d, a, s, !. */
export const TAGS = ['observation', 'decision', 'action', 'surprise', 'moment'] as const;
export type Tag = (typeof TAGS)[number];

/** What ended an inject, or the day, early. */
export type AbortCause =
  'button' | 'chaos abort' | 'signal' | 'lost facilitator' | 'stop_if' | 'guardian' | 'harness' | 'crash';

/** One prerequisite, and whether it was found true. */
export interface PreflightCheck {
  readonly name: 'people' | 'topology' | 'audit' | 'baseline' | 'alerts' | 'other runs';
  /** Null: it cannot be checked here, and `said` says why. */
  readonly ok: boolean | null;
  /** What was found, for people. */
  readonly said: string;
}

/** An action that follows from the day. */
export interface GamedayAction {
  /** "action-1" */
  readonly action: string;
  readonly what: string;
  readonly owner: string;
  /** A day: "2026-12-14". */
  readonly due: string;
  /** The name of the experiment that will show that it is done. Null: no experiment can show it. */
  readonly experiment: string | null;
}

/** What an event of a game day says beside its time, its number and its author. `at`: epoch milliseconds. */
export type GamedayNews =
  /** The record begins. `gameday`: the name of its folder. */
  | { readonly kind: 'opened'; readonly gameday: string; readonly version: number; readonly day: GameDay }
  /** A server goes on with a record. What was at work when the last one ended was put back by its guardian. */
  | { readonly kind: 'continued' }
  | { readonly kind: 'joined' }
  /** The prerequisites are being checked, which takes some seconds. */
  | { readonly kind: 'looking' }
  /** `ok`: no check failed. */
  | { readonly kind: 'preflight'; readonly ok: boolean; readonly checks: readonly PreflightCheck[] }
  /** The clock of the day begins. `despite`: why the day begins although a check failed. */
  | { readonly kind: 'begun'; readonly despite: string | null }
  /** Load and baseline of the inject begin. */
  | { readonly kind: 'armed'; readonly inject: string }
  /** It was armed and is not injected after all. It is still to come. */
  | { readonly kind: 'disarmed'; readonly inject: string }
  /** The run of the inject has a folder. */
  | { readonly kind: 'runs'; readonly inject: string; readonly run: string; readonly dir: string }
  /** The baseline is long enough: the failure may begin. */
  | { readonly kind: 'ready'; readonly inject: string }
  /** The order to inject was given. */
  | { readonly kind: 'ordered'; readonly inject: string }
  /** The failure is in force since `at`. */
  | { readonly kind: 'injected'; readonly inject: string; readonly at: number }
  /** The failure stays so much longer, milliseconds. */
  | { readonly kind: 'extended'; readonly inject: string; readonly ms: number }
  /** The failure is to be healed now, in order: its time is over, or the facilitator says so. */
  | { readonly kind: 'ending'; readonly inject: string; readonly why: 'time' | 'facilitator' }
  /** An inject that was not begun is left out. */
  | { readonly kind: 'skipped'; readonly inject: string; readonly why: string }
  | { readonly kind: 'revealed'; readonly inject: string }
  /** The failure was taken back at `at`, as far as the run knows. */
  | { readonly kind: 'healed'; readonly inject: string; readonly at: number }
  /** The run of the inject is over and judged. */
  | {
      readonly kind: 'judged';
      readonly inject: string;
      readonly run: string;
      readonly verdict: Verdict;
      readonly restored: boolean;
      readonly reason: string | null;
    }
  /** The users' figures are within their limits since `at`, and stay there. Null: they were never outside, so nobody felt it. */
  | { readonly kind: 'healthy'; readonly inject: string; readonly at: number | null }
  | {
      readonly kind: 'alert';
      /** The inject at work. Null: none. */
      readonly inject: string | null;
      readonly name: string;
      readonly labels: MetricLabels;
      readonly state: 'pending' | 'firing' | 'delivered' | 'resolved';
      readonly at: number;
    }
  /** A responder's button. `inject`: the inject in force. Null: none was, so it was a false alarm. */
  | { readonly kind: 'seen' | 'understood' | 'mitigated'; readonly inject: string | null; readonly at: number }
  /** A key of the scribe. `note`: "note-1". `at`: when the key was pressed. `text`: null when it comes later. */
  | {
      readonly kind: 'note';
      readonly note: string;
      readonly tag: Tag;
      readonly at: number;
      readonly text: string | null;
    }
  /** The text of an earlier note. The last one counts. */
  | { readonly kind: 'text'; readonly note: string; readonly text: string }
  | { readonly kind: 'paused'; readonly why: string }
  | { readonly kind: 'resumed' }
  /** `inject`: what was at work. Null: nothing. Its failure is taken back. The day is paused then, unless it is over. */
  | { readonly kind: 'aborted'; readonly inject: string | null; readonly cause: AbortCause; readonly why: string }
  /** Nothing was heard from the facilitator. `silent`: milliseconds. */
  | { readonly kind: 'lost'; readonly stage: 'asked' | 'aborted' | 'back'; readonly silent: number }
  /** A new action, or an earlier one with other words. */
  | ({ readonly kind: 'action' } & GamedayAction)
  | { readonly kind: 'action.dropped'; readonly action: string }
  | { readonly kind: 'closed' };

/**
 * An event of a game day: one JSON line in gameday.ndjson, on disk before anybody gets an answer. The events are the
 * truth about the day.
 */
export type GamedayEvent = {
  /** When it was written, epoch milliseconds (UTC). Never smaller than before. */
  readonly t: number;
  /** 1, 2, 3, ... without a gap. */
  readonly seq: number;
  /** Null: the harness itself. */
  readonly by: Actor | null;
  /** What a page called its order, so that an order that comes twice is written once. */
  readonly id?: string;
} & GamedayNews;

export type GamedayKind = GamedayNews['kind'];
export type GamedayEventOf<K extends GamedayKind> = Extract<GamedayEvent, { kind: K }>;
