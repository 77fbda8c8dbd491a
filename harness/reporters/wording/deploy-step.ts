import type { DeployStep, DeployStepNews } from '../../core/record/deploy.ts';
import { shortImage } from '../../core/topology/replacing.ts';

const WORDS: Readonly<Record<DeployStep, string>> = {
  created: 'a new container is made',
  started: 'the new container is started',
  healthy: 'the new container is healthy',
  good: 'the new container was found good',
  draining: 'the old container ends',
  gone: 'the old container is gone',
  failed: 'the new container is bad',
  'given back': 'has its old image again',
};

/** Returns a step of a deploy in words: "chaos-app-1: the new container is healthy (image 0123456789ab)". */
export const deployStep = ({ container, step, image, text }: Omit<DeployStepNews, 'kind'>): string =>
  `${container}: ${WORDS[step]}${text === undefined ? '' : `: ${text}`} (image ${shortImage(image)})`;
