import type { Keeper } from '../keeper.ts';
import { cell } from './cell.ts';
import { newest } from './newest.ts';
import { newestPass } from './newest-pass.ts';
import { noise } from './noise.ts';
import { trend } from './trend.ts';
import { unfinished } from './unfinished.ts';

/**
 * Everything that may keep a folder, the strongest reason first. What a certificate stands on is one more file here: it
 * reads the certificates below the reports, as noise.ts reads noise figures, and names the runs that they list.
 */
export const KEEPERS: readonly Keeper[] = [unfinished, newestPass, newest, noise, trend, cell];
