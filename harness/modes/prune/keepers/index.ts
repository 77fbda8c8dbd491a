import type { Keeper } from '../keeper.ts';
import { newest } from './newest.ts';
import { newestPass } from './newest-pass.ts';
import { noise } from './noise.ts';
import { unfinished } from './unfinished.ts';

/** Everything that may keep a folder, the strongest reason first. */
export const KEEPERS: readonly Keeper[] = [unfinished, newestPass, newest, noise];
