import { readFileSync } from 'node:fs';
import { platform } from 'node:os';
import { gunzipSync } from 'node:zlib';
import { type Fact, readText } from './fact.ts';

/** Reads from the kernel's build configuration whether it has netem. Undefined when the configuration does not tell. */
export function netemFromKernelConfig(config: string): 'built in' | 'a module' | 'missing' | undefined {
  if (!config.includes('CONFIG_NET_SCH')) return undefined;
  const setting = /^CONFIG_NET_SCH_NETEM=([ym])$/m.exec(config)?.[1];
  return setting === 'y' ? 'built in' : setting === 'm' ? 'a module' : 'missing';
}

export function netemFact(): Fact {
  const release = readText('/proc/sys/kernel/osrelease').trim();
  let config = readText(`/boot/config-${release}`);
  try {
    config = gunzipSync(readFileSync('/proc/config.gz')).toString('utf8');
  } catch {
    // Many kernels do not have this file. Then only the file in /boot counts.
  }
  return {
    name: 'sch_netem',
    ok: true,
    value: netemFromKernelConfig(config) ?? 'unknown: the kernel does not tell; a fault that needs it finds out',
    remedy:
      'Without it, packet_delay, packet_duplicate, packet_corrupt and packet_reorder cannot be injected. packet_loss and the faults of links do not need it. When it is a module, `modprobe sch_netem` loads it.',
  };
}

/**
 * Says whether docker-proxy is in the path to published ports. The daemon's arguments decide; when they do not say it,
 * its file daemon.json decides.
 */
export function userlandProxyState(arguments_: readonly string[], daemonJson: string): 'on' | 'off' {
  const flag = arguments_.findLast((argument) => argument.startsWith('--userland-proxy'));
  if (flag !== undefined && /^--userland-proxy(=|$)/.test(flag)) return flag.endsWith('=false') ? 'off' : 'on';
  return /"userland-proxy"\s*:\s*false/.test(daemonJson) ? 'off' : 'on';
}

export function userlandProxyFact(answers: boolean): Fact {
  const remedy =
    'When it is on, docker-proxy copies every byte in the measured path. To turn it off, write `"userland-proxy": false` into the engine\'s daemon.json and restart the engine.';
  const pid = readText('/var/run/docker.pid').trim();
  const commandLine = pid === '' ? '' : readText(`/proc/${pid}/cmdline`);
  const seen = commandLine !== '' && answers;
  const state = seen ? userlandProxyState(commandLine.split('\0'), readText('/etc/docker/daemon.json')) : undefined;
  const guess =
    platform() === 'linux'
      ? "unknown: the daemon's arguments cannot be read"
      : 'unknown: the engine runs in a virtual machine';
  return { name: 'userland-proxy', ok: true, value: state ?? guess, remedy };
}
