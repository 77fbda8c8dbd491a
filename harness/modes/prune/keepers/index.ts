import type { Keeper } from '../keeper.ts';
import { cell } from './cell.ts';
import { certificate } from './certificate.ts';
import { newest } from './newest.ts';
import { newestPass } from './newest-pass.ts';
import { noise } from './noise.ts';
import { trend } from './trend.ts';
import { unfinished } from './unfinished.ts';

/** Everything that may keep a folder, the strongest reason first. */
export const KEEPERS: readonly Keeper[] = [unfinished, certificate, newestPass, newest, noise, trend, cell];
