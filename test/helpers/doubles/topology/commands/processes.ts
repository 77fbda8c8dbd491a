import { metricsOf } from '../images.ts';
import { endMain, running, type Scene } from '../scene.ts';
import { MAIN, NOFILE } from '../sound.ts';
import type { Process } from '../world.ts';
import type { Known } from './known.ts';

const INIT = '1';

const processesOf = (scene: Scene, container: string): Record<string, Process> =>
  running(scene, container).inside.processes;

/** Starts a process that carries the mark of a fault. The process inherits nothing from the processes of the container. */
export function begin(scene: Scene, container: string, process: Pick<Process, 'command' | 'user' | 'mark'>): void {
  const processes = processesOf(scene, container);
  const pid = Math.max(...Object.keys(processes).map(Number)) + 1;
  processes[pid] = { ...process, stopped: false, nofile: NOFILE, oomScore: 0 };
}

/** Ends the processes of a fault. Only the user that started a process can read its mark. */
export function endMarked(scene: Scene, container: string, mark: string, user: string): void {
  const processes = processesOf(scene, container);
  for (const [pid, process] of Object.entries(processes))
    if (process.mark === mark && process.user === user) delete processes[pid];
}

/** The ids of the processes with a text in their command line; of the main process when the text is empty. */
const selected = (scene: Scene, container: string, text = ''): string[] =>
  text === ''
    ? [MAIN]
    : Object.entries(processesOf(scene, container)).flatMap(([pid, { command }]) =>
        command.includes(text) ? pid : [],
      );

/** What `does` does, it does to each of these processes. Process 1 cannot be stopped. */
function eachOf(
  scene: Scene,
  container: string,
  pids: readonly string[],
  does: (process: Process, pid: string) => void,
) {
  const processes = processesOf(scene, container);
  for (const pid of pids) if (processes[pid] !== undefined) does(processes[pid], pid);
}

const all = (scene: Scene, container: string): string[] => Object.keys(processesOf(scene, container));

export const PROCESSES: readonly Known[] = [
  {
    // A replica says what it has answered.
    is: /^bash -c exec 3<>\/dev\/tcp\/127\.0\.0\.1\/\d+ && printf 'GET \/metrics [^]* && cat <&3$/,
    does: () => (scene, container) => metricsOf(running(scene, container)),
  },
  {
    is: 'start-processes',
    does:
      (mark = '', times = '', ...run) =>
      (scene, container, user) => {
        const command = run.join(' ');
        for (let n = 0; n < Number(times); n += 1) begin(scene, container, { command, user, mark });
      },
  },
  {
    is: 'end-processes',
    does:
      (mark = '') =>
      (scene, container, user) =>
        endMarked(scene, container, mark, user),
  },
  {
    is: 'raise-oom-score',
    does: () => (scene, container) => eachOf(scene, container, [MAIN], (main) => void (main.oomScore = 1_000)),
  },
  {
    is: 'lower-oom-score',
    does: () => (scene, container) => eachOf(scene, container, [MAIN], (main) => void (main.oomScore = 0)),
  },
  { is: 'find-processes', does: (text) => (scene, container) => selected(scene, container, text).join('\n') },
  {
    is: 'send-signal',
    does: (signal, text) => (scene, container) => {
      const pids = selected(scene, container, text).filter((pid) => pid !== INIT);
      if (!pids.includes(MAIN)) throw new Error(`nobody knows what ${signal} does to ${text}`);
      endMain(scene, container);
    },
  },
  {
    // Finds the process of a standby that replays the log.
    is: /^n=0; for p in .* in postgres:\*startup\*\) echo .*; \[ \$n -eq 1 \]$/,
    does: () => (scene, container) => {
      const [pid] = selected(scene, container, 'postgres: startup');
      if (pid === undefined) throw new Error(`no process of ${container} replays the log`);
      return pid;
    },
  },
  {
    // Nothing can stop process 1 from within its container.
    is: 'stop-processes',
    does:
      (...pids) =>
      (scene, container) =>
        eachOf(scene, container, pids, (process, pid) => void (process.stopped = pid !== INIT)),
  },
  {
    is: 'go-on',
    does:
      (...pids) =>
      (scene, container) =>
        eachOf(scene, container, pids.length > 0 ? pids : all(scene, container), (process) => {
          process.stopped = false;
        }),
  },
  {
    is: 'list-nofile',
    does: () => (scene, container) =>
      Object.entries(processesOf(scene, container))
        .map(([pid, { nofile }]) => `${pid}=${nofile}`)
        .join('\n'),
  },
  {
    is: 'lower-nofile',
    does:
      (nofile, ...pids) =>
      (scene, container) =>
        eachOf(scene, container, pids, (process) => void (process.nofile = Number(nofile))),
  },
  {
    is: 'raise-nofile',
    does:
      (...known) =>
      (scene, container) => {
        const before = Object.fromEntries(known.map((one) => one.split('=')));
        eachOf(scene, container, all(scene, container), (process, pid) => {
          process.nofile = Math.max(process.nofile, Number(before[pid] ?? NOFILE));
        });
      },
  },
];
