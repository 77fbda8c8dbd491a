/**
 * The image of witnesses: Node and nothing of the system under test. `chaos setup` pulls or builds it. The program comes
 * into the helper when it starts (control/witness/program.ts), so the image never holds an old one.
 */
export const WITNESS_IMAGE = 'chaos-base/node:24.21.0';
