import { readFileSync } from 'node:fs';

/** A file of a project. */
export interface ProjectFile {
  /** From the project's folder. */
  readonly path: string;
  readonly text: string;
}

export interface CiOptions {
  readonly github: boolean;
  readonly gitlab: boolean;
  /** The path of the suite, from the project's folder. */
  readonly suite: string;
}

const TEMPLATES = new URL('./templates/', import.meta.url);
/** The steps of every service are these scripts, so that they can be tried without one. */
const SCRIPTS = ['suite.sh', 'heal.sh', 'tell.sh', 'keep.sh', 'night.mjs', 'pages.mjs', 'annotate.mjs'] as const;

/** This file belongs to the project, and is made only where there is none. It includes `.gitlab/chaos.yml`. */
export const GITLAB_CI = '.gitlab-ci.yml';
export const GITLAB_INCLUDE = 'include:\n  - local: .gitlab/chaos.yml\n';

const textOf = (name: string): string => readFileSync(new URL(name, TEMPLATES), 'utf8');

/** Returns the files by which continuous integration carries out a suite each night. */
export function ciFiles({ github, gitlab, suite }: CiOptions): readonly ProjectFile[] {
  const withSuite = (name: string): string => textOf(name).replaceAll('__SUITE__', suite);
  return [
    ...(github ? [{ path: '.github/workflows/chaos.yml', text: withSuite('github.yml') }] : []),
    ...(gitlab
      ? [
          { path: '.gitlab/chaos.yml', text: withSuite('gitlab.yml') },
          { path: GITLAB_CI, text: textOf('gitlab-ci.yml') },
        ]
      : []),
    ...SCRIPTS.map((name) => ({ path: `ci/chaos/${name}`, text: textOf(name) })),
  ];
}
