import type { Command } from 'commander';
import type { World } from '../../core/world.ts';

/** Adds one command to the program; `exit` receives the exit code when the command has run. */
export type AddCommand = (program: Command, world: World, exit: (code: number) => void) => void;

/** For options that may be given more than once. */
export const append = (value: string, all: readonly string[]): string[] => [...all, value];

export const examples = (...lines: readonly string[]): string =>
  `\nExample${lines.length > 1 ? 's' : ''}:\n${lines.map((line) => `  $ ${line}`).join('\n')}`;
