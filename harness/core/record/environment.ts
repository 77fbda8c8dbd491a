/** Facts about the machine and the harness of a run or a load. */
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

/** Facts about the machine, the harness and the engine of a run. */
export interface Environment extends Host {
  readonly engine: string;
  readonly compose: string;
  /**
   * Image ids by service: of its containers, or before the topology is up of the image that the compose file names. A
   * service is absent when the engine did not have its image.
   */
  readonly images: Readonly<Record<string, string>>;
}
