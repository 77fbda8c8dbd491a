/** A proxy of Toxiproxy, with everything that is needed to make it again. */
export interface ProxyRef {
  readonly name: string;
  readonly listen: string;
  readonly upstream: string;
}

export interface Toxic {
  readonly name: string;
  readonly type: 'latency' | 'timeout' | 'bandwidth' | 'slow_close' | 'slicer' | 'limit_data' | 'reset_peer';
  readonly stream: 'upstream' | 'downstream';
  readonly attributes: Readonly<Record<string, number>>;
}
