/** Who takes part in a game day. The board on the projector is an observer's page. */
export const ROLES = ['facilitator', 'responder', 'scribe', 'observer'] as const;
export type GamedayRole = (typeof ROLES)[number];

/** The pages. */
export const VIEWS = ['board', 'facilitator', 'scribe', 'responder'] as const;
export type GamedayView = (typeof VIEWS)[number];

/** How much the participants know of an inject before it is revealed. `drawn`: hidden, and chosen by the seed. */
export type Shown = 'announced' | 'hidden' | 'drawn';

/** What should happen after an inject. Times are milliseconds since the failure is in force. */
export interface ExpectedResponse {
  /** The alert that fires first. Null: the failure is one that no alert tells of, and people notice it otherwise. */
  readonly alert: string | null;
  readonly alertMs: number | null;
  /** Who notices or is called: "whoever is on call". */
  readonly person: string;
  /** The name of the runbook: its file without `.md`. Null: there is none, and that is known. */
  readonly runbook: string | null;
  readonly seenMs: number | null;
  readonly understoodMs: number | null;
  readonly mitigatedMs: number | null;
  readonly healthyMs: number | null;
}

/** One item of the agenda: a run of an experiment, which a facilitator begins. */
export interface PlannedInject {
  /** "inject-1": its place in the agenda. It says nothing about the failure. */
  readonly id: string;
  /** The name in the file, which may name the failure. */
  readonly name: string;
  readonly shown: Shown;
  /** The hypothesis that is tried: the title of the experiment, or what the file says instead. */
  readonly title: string;
  /** The name of the experiment: its file without `.yaml`. */
  readonly experiment: string;
  /** The failures in words, one each: "kill redis". */
  readonly faults: readonly string[];
  /** What only the facilitator reads. Empty when the file says nothing. */
  readonly brief: string;
  /** How long the failure is in force unless somebody changes it, milliseconds. */
  readonly boxMs: number;
  /** How long it is in force at most, with every extension, milliseconds. */
  readonly mostMs: number;
  readonly expect: ExpectedResponse;
}

/** When the game day is ended early. */
export interface AbortCriteria {
  /** Who says the word. */
  readonly owner: string;
  /** Conditions that the harness watches in each inject, in words. */
  readonly machines: readonly string[];
  /** Conditions that people watch: "a customer calls". */
  readonly people: readonly string[];
}

/** What an earlier game day found, and which inject tries it again. */
export interface Finding {
  readonly what: string;
  /** The game day that found it: a day, or the name of its folder. */
  readonly from: string;
  /** The `id` of the inject. */
  readonly inject: string;
}

/** A runbook that a responder may open. All runbooks of the topology are listed, whatever is injected. */
export interface ListedRunbook {
  readonly name: string;
  readonly title: string;
  readonly alerts: readonly string[];
}

/** A game day as its file describes it, with everything drawn. Plain data: its record begins with it. */
export interface GameDay {
  /** Absolute path. */
  readonly file: string;
  /** The name of the file without `.yaml`. */
  readonly name: string;
  readonly title: string;
  readonly seed: number;
  /** How long the day is planned, milliseconds. */
  readonly lengthMs: number;
  /** The people of each role as the file names them. A role without people is open to everybody with its link. */
  readonly people: Readonly<Record<GamedayRole, readonly string[]>>;
  readonly injects: readonly PlannedInject[];
  readonly abort: AbortCriteria;
  readonly retests: readonly Finding[];
  readonly runbooks: readonly ListedRunbook[];
}
