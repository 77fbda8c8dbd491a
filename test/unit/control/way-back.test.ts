import { expect } from 'chai';
import { describe, it } from 'mocha';
import { Commands } from '../../../harness/control/commands.ts';
import type { Adapter } from '../../../harness/control/adapter.ts';
import type { Project } from '../../../harness/control/docker/project.ts';
import { WayBack } from '../../../harness/control/way-back.ts';
import { ChaosError } from '../../../harness/core/errors.ts';
import { silent } from '../../../harness/core/log.ts';
import type { Command } from '../../../harness/core/topology/command.ts';
import { SPEC } from '../../helpers/doubles/topology.ts';

const gone = (): Promise<string> =>
  Promise.reject(new ChaosError('CHAOS_NO_TARGET', { what: 'gone', hint: 'none', exit: 'not-ready' }));

/** A topology whose third replica of the app does not exist; the topology is to have so many. */
function wayBack(replicas: number): WayBack {
  const listed = [1, 2].map((replica) => ({
    id: `c${replica}`,
    name: `chaos-app-${replica}`,
    service: 'app',
    replica,
  }));
  const project = {
    spec: { ...SPEC, services: { app: { ...SPEC.services['app'], name: 'app', replicas } } },
    list: () => Promise.resolve(listed),
    onceStarted: (_name: string, work: () => Promise<string>) => work(),
  } as unknown as Project;
  const adapter = { commands: { in: gone, beside: gone, outside: gone } } as unknown as Adapter;
  return new WayBack({ project, adapters: [adapter], commands: new Commands([adapter], silent) });
}

const PLACES: readonly Command[] = [
  { in: 'chaos-app-3', run: ['true'] },
  { beside: 'chaos-app-3', run: ['true'] },
  { outside: 'chaos-app-3', run: ['true'] },
];

describe('the undo of a command in a container that is gone', () => {
  for (const command of PLACES) {
    const [place = ''] = Object.keys(command);
    it(`is done when the container is not to be there: ${place}`, async () => {
      await wayBack(2).undo({ do: 'command', command });
    });

    it(`fails when the container will be made again: ${place}`, async () => {
      const failure = await wayBack(3)
        .undo({ do: 'command', command })
        .catch((error: unknown) => error);
      expect(failure).to.include({ code: 'CHAOS_NO_TARGET' });
    });
  }
});
