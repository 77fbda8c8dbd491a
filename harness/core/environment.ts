/** Facts about the machine that a run or a load took place on, and about the harness. */
export interface Host {
  readonly harness: string;
  readonly commit: string;
  readonly dirty: boolean;
  readonly node: string;
  readonly cores: number;
  readonly memory_mib: number;
  readonly kernel: string;
  readonly command: string;
}

/** Facts about where a run took place. */
export interface Environment extends Host {
  readonly engine: string;
  readonly compose: string;
  /** Image ids by service. */
  readonly images: Readonly<Record<string, string>>;
}
