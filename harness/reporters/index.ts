import type { Reporter } from '../core/run.ts';
import { html } from './html.ts';
import { junit } from './junit.ts';
import { markdown } from './markdown.ts';
import { repro } from './repro.ts';

/** What every run's folder holds for people and other programs. */
export const reporters: readonly Reporter[] = [html, junit, markdown, repro];
