import { tooOld } from './node-version.ts';

// The library imports this before everything else, because Node carries out imports in their order.
const error = tooOld(process.versions.node);
if (error !== undefined) throw error;
