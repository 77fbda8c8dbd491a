import type Docker from 'dockerode';
import { type LimitChange, type Limits, sameLimits } from '../../../core/topology/spec.ts';

/** The kernel's usual period of a CPU quota, microseconds. */
const PERIOD_US = 100_000;

/** Reads the limits of a container from the engine's description of it. */
export function limitsOf({ NanoCpus, CpuQuota, CpuPeriod, Memory }: Docker.HostConfig): Limits {
  const byQuota = (CpuQuota ?? 0) > 0 ? (CpuQuota ?? 0) / (CpuPeriod || PERIOD_US) : undefined;
  return {
    cpus: (NanoCpus ?? 0) > 0 ? (NanoCpus ?? 0) / 1e9 : byQuota,
    memoryBytes: (Memory ?? 0) > 0 ? Memory : undefined,
  };
}

/**
 * Returns how the engine is told to change the limits of a container. For the engine, a quota of -1 means no limit.
 * `byCores`: the container was made with a limit in cores (NanoCpus), which only another limit in cores can replace.
 */
export const updateOf = ({ cpus, memoryBytes }: LimitChange, byCores: boolean): object => ({
  ...(cpus === undefined ? {} : coresOf(cpus, byCores)),
  ...(memoryBytes === undefined ? {} : memoryOf(memoryBytes)),
});

const coresOf = (cpus: number | null, byCores: boolean): object =>
  byCores && cpus !== null
    ? { NanoCpus: Math.round(cpus * 1e9) }
    : { CpuPeriod: PERIOD_US, CpuQuota: cpus === null ? -1 : Math.round(cpus * PERIOD_US) };

/** MemorySwap is memory and swap together. By default, the engine allows as much swap as memory. */
const memoryOf = (bytes: number | null): object =>
  bytes === null ? { MemorySwap: -1 } : { Memory: bytes, MemorySwap: 2 * bytes };

/**
 * Returns the description of a container with these limits. What it has already is left as it was made: the engine adds
 * limits of its own (swap) to those of a compose file.
 */
export function withLimits<M extends { readonly HostConfig: Docker.HostConfig }>(made: M, limits: Limits): M {
  const { HostConfig: host } = made;
  if (sameLimits(limits, limitsOf(host))) return made;
  const { cpus = 0, memoryBytes: memory = 0 } = limits;
  const given = { NanoCpus: Math.round(cpus * 1e9), CpuQuota: 0, CpuPeriod: 0, Memory: memory, MemorySwap: 0 };
  return { ...made, HostConfig: { ...host, ...given } };
}
