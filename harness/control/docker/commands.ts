import { ChaosError } from '../../core/errors.ts';
import { type Command, describeCommand } from '../../core/topology/command.ts';
import type { MachineFeature } from '../../core/topology/capability.ts';
import { HAS_WRITE_LIMIT } from '../../kit/acts/write-limit.ts';
import type { Said } from './exec.ts';
import type { Project } from './project.ts';

/** Milliseconds that a command may take in a container, when the command says nothing else. */
const COMMAND_MS = 10_000;

/** A command in a container, in its network, or outside it on the engine's host. */
type ContainerCommand = Extract<Command, { readonly run: readonly string[] }>;

/** Runs a command and returns what it printed. Throws CHAOS_COMMAND when it exits with another code than 0. */
export async function inContainer(project: Project, command: ContainerCommand): Promise<string> {
  const { code, stdout, stderr } = await ran(project, command);
  if (code === 0) return stdout.trimEnd();
  throw new ChaosError('CHAOS_COMMAND', {
    what: `${describeCommand(command)} ended with exit code ${code}: ${(stderr.trim() || stdout.trim()).slice(-300)}`,
    hint: 'Run the command by hand. `chaos explain CHAOS_COMMAND` says how.',
    exit: 'error',
    facts: { code },
  });
}

/** Runs a command in its place. It reaches only containers of the topology's own project. */
async function ran(project: Project, command: ContainerCommand): Promise<Said> {
  const { docker, spec } = project;
  const { project: name, toolsImage: image } = spec;
  if ('in' in command) {
    const { id } = await project.container(command.in);
    return docker.exec(id, command.run, command.user, command.ms ?? COMMAND_MS);
  }
  if ('beside' in command) {
    const { id } = await project.container(command.beside);
    return docker.helpers.once({ image, project: name, run: command.run, as: { netns: id } });
  }
  const { pid } = await docker.inspect((await project.container(command.outside)).id);
  return docker.helpers.once({ image, project: name, run: ['env', `PID=${pid}`, ...command.run], as: 'host' });
}

/**
 * For each feature, a command that exits with 0 when the machine has it. The trial of netem changes a network of its
 * own. The trial of the write limit reads what the kernel offers control groups.
 */
const TRIALS: Readonly<Record<MachineFeature, { readonly run: readonly string[]; readonly as: 'alone' | 'host' }>> = {
  netem: { run: ['tc', 'qdisc', 'add', 'dev', 'lo', 'root', 'netem', 'delay', '1ms'], as: 'alone' },
  'write limit': { run: HAS_WRITE_LIMIT, as: 'host' },
};

/** Returns whether this machine has what a fault needs. The trial runs where it can break nothing. */
export async function machineOffers({ docker, spec }: Project, feature: MachineFeature): Promise<boolean> {
  const { project, toolsImage: image } = spec;
  const { code } = await docker.helpers.once({ image, project, ...TRIALS[feature] });
  return code === 0;
}
