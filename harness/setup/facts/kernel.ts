import { readFileSync } from 'node:fs';
import { platform } from 'node:os';
import { gunzipSync } from 'node:zlib';
import { type Fact, readText } from './fact.ts';

/** What the kernel's own build says about a scheduler: built in, a module, or not there. Undefined where it says nothing. */
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
    // Many kernels do not show it; the file in /boot or nothing then.
  }
  return {
    name: 'sch_netem',
    ok: true,
    value: netemFromKernelConfig(config) ?? 'unknown: the kernel does not say; a fault that wants it finds out',
    remedy:
      'Without it, packet loss and delay below TCP cannot be injected by tc; faults use Toxiproxy and iptables instead and say so. Where it is a module, `modprobe sch_netem` loads it.',
  };
}

/** Whether docker-proxy stands in the path to published ports, from the daemon's arguments and its file. */
export function userlandProxyState(arguments_: readonly string[], daemonJson: string): 'on' | 'off' {
  const flag = arguments_.findLast((argument) => argument.startsWith('--userland-proxy'));
  if (flag !== undefined && /^--userland-proxy(=|$)/.test(flag)) return flag.endsWith('=false') ? 'off' : 'on';
  return /"userland-proxy"\s*:\s*false/.test(daemonJson) ? 'off' : 'on';
}

export function userlandProxyFact(answers: boolean): Fact {
  const remedy =
    'Where it is on, docker-proxy copies every byte of the measured path: `"userland-proxy": false` in the engine\'s daemon.json takes it out (restart the engine).';
  const pid = readText('/var/run/docker.pid').trim();
  const commandLine = pid === '' ? '' : readText(`/proc/${pid}/cmdline`);
  const seen = commandLine !== '' && answers;
  const state = seen ? userlandProxyState(commandLine.split('\0'), readText('/etc/docker/daemon.json')) : undefined;
  const guess =
    platform() === 'linux'
      ? "unknown: the daemon's arguments are out of sight"
      : 'unknown: the engine runs in a virtual machine';
  return { name: 'userland-proxy', ok: true, value: state ?? guess, remedy };
}
