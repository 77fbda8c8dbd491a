/** Environment variables. */
export type Env = Readonly<Record<string, string | undefined>>;

export interface ComposeQuestion {
  /** Absolute paths. Later files override earlier ones. */
  readonly files: readonly string[];
  readonly env: Env;
  /** Every file whose change may change the answer. Undefined when it is not known which files these are. */
  readonly reads: readonly string[] | undefined;
}

/** Returns the environment in which Compose takes a profile too. Changes nothing without a profile. */
export function withProfile(env: Env, profile: string | undefined): Env {
  const active = (env['COMPOSE_PROFILES'] ?? '').split(',').filter((name) => name !== '');
  if (profile === undefined || active.includes(profile)) return env;
  return { ...env, COMPOSE_PROFILES: [...active, profile].join(',') };
}

/** What Compose says about compose files. */
export type ComposeAnswer =
  /**
   * The output of `docker compose config --format json`: included, extended, merged and interpolated, with all units
   * read.
   */
  | { readonly is: 'read'; readonly config: unknown; readonly warnings: readonly string[] }
  /** Compose refuses the files. `why` is the message of Compose. */
  | { readonly is: 'refused'; readonly why: string; readonly warnings: readonly string[] }
  /** There is no `docker` command, or it has no `compose` command. */
  | { readonly is: 'missing' };

/** Reads compose files. Compose itself does this, and needs no engine for it. */
export interface ComposeReader {
  /** Throws CHAOS_COMPOSE when Compose is installed and gives no answer. */
  read(question: ComposeQuestion): ComposeAnswer;
}
