import { volumeOf } from './disks.ts';
import type { Known } from './known.ts';

/** The certificate of a file comes before its key. */
export const CERTIFICATES: readonly Known[] = [
  {
    is: /^openssl x509 -in (\S+)$/,
    does:
      (file = '') =>
      (scene, container) =>
        volumeOf(scene, container).files[file]?.[0],
  },
  {
    is: 'put-certificate',
    does:
      (file = '', program = '', ...args) =>
      (scene, container) => {
        const { files } = volumeOf(scene, container);
        const [name, from, to] = args;
        const made = program === 'echo' ? (name ?? '') : `certificate of ${name} from ${from} to ${to}`;
        files[file] = [made, ...(files[file]?.slice(1) ?? [])];
      },
  },
];
