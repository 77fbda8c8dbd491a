import { extname } from 'node:path';

/** The ending of the modules of this version: ".ts" in a checkout, ".js" in the published package. */
export const MODULE = extname(import.meta.url);

/** True in the published package. There the folder of the harness is below node_modules/, and nothing is kept in it. */
export const PUBLISHED = MODULE === '.js';

/** Returns the URL of a module by its path from another module, without its ending. `from`: the URL of the other. */
export const moduleBeside = (path: string, from: string): URL => new URL(`${path}${MODULE}`, from);
