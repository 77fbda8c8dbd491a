import { volumeOf } from './disks.ts';
import type { Known } from './known.ts';

/** In a file, the certificate comes before its key. */
export const CERTIFICATES: readonly Known[] = [
  {
    is: 'put-certificate',
    does:
      (file = '', _issue, name, from, to) =>
      (scene, container) => {
        const { files } = volumeOf(scene, container);
        const old = files[file] ?? [];
        files[`${file}.chaos-before`] ??= old;
        files[file] = [`certificate of ${name} from ${from} to ${to}`, ...old.slice(1)];
      },
  },
  {
    is: 'put-certificate-back',
    does:
      (file = '') =>
      (scene, container) => {
        const { files } = volumeOf(scene, container);
        files[file] = files[`${file}.chaos-before`] ?? files[file] ?? [];
        delete files[`${file}.chaos-before`];
      },
  },
];
