import { z } from 'zod';
import { defineFault } from '../core/kinds/fault.ts';
import { isImage, isOwnImage } from '../core/topology/replacing.ts';
import { shown } from '../kit/evidence/evidence.ts';
import { containerObservers, consumersSince } from '../kit/evidence/containers.ts';
import { unfit } from '../kit/deploy/fits.ts';
import { Roll } from '../kit/deploy/roll.ts';
import { duration } from '../kit/schema.ts';

export default defineFault({
  name: 'deploy',
  summary: 'Gives a service another image as its update_config says, watches the new containers, and goes back.',
  params: z.strictObject({
    service: z.string().meta({ description: 'A service of the topology with deploy.update_config', examples: ['app'] }),
    image: z
      .string()
      .refine(isImage, { error: 'write the name of an image: shop/app:1.4, or {{image}}-next' })
      .meta({
        description: 'An image that the engine has. {{image}} stands for the image in the compose file',
        examples: ['{{image}}-good'],
      }),
    healthy_within: duration
      .refine((ms) => ms > 0, { error: 'write a duration above 0: 30s' })
      .default(30_000)
      .meta({ description: 'A new container that is not healthy after this long is bad', examples: ['30s'] }),
  }),
  example: { service: 'app', image: '{{image}}-good' },
  passes: 'a container of another image runs as any other; the snapshot names its image',
  aims: ({ service }) => ({ target: { service } }),
  undoes: () => 'give each container its old image again, one after another',
  mismatches({ service }, spec) {
    const why = unfit(spec, service);
    return why === undefined ? [] : [{ key: 'service', ...why }];
  },
  observers: ({ service }, spec) => containerObservers(spec, { service }),
  async inject(ctx) {
    const { topology, clock, signal, hold, tell, params } = ctx;
    const { service, image, healthy_within: healthyMs } = params;
    const roll = await Roll.of({ topology, clock, signal, hold, tell }, { service, image, healthyMs });
    await roll.begin();
    ctx.meanwhile(async () => void (await roll.goOn()));
    return roll.names;
  },
  prove(record, { image }) {
    const { injecting, injected, healing = Infinity, targets, states } = record;
    if (injected === undefined) return { effective: 'inconclusive', evidence: 'the fault was never in force' };
    // A container that is missing has no image. What came before another deploy, or came after this one was over, is not its.
    const seen = states.filter(({ status }) => status !== 'missing');
    const last = new Map(
      seen.filter(({ t }) => t < injecting).map(({ place, container, image: id }) => [place ?? container, id]),
    );
    const since = seen.filter(({ t }) => t >= injecting && t <= healing);
    const old = new Set(last.values());
    if (old.has(undefined) || old.size === 0 || since.length === 0 || since.some(({ image: id }) => id === undefined))
      return { effective: 'inconclusive', evidence: 'the images of the containers were not read before and after' };
    // The engine's clock and ours agree to about a millisecond.
    const fresh = since.filter((state) =>
      isOwnImage(image) ? state.startedAt >= injecting - 1 : !old.has(state.image),
    );
    const places = new Set(fresh.map(({ place, container }) => place ?? container));
    const images = [...new Set(fresh.map((state) => state.image ?? ''))].join(', ');
    const evidence = `in ${places.size} of ${targets.length} places a new container was seen${images === '' ? '' : ` (image ${images})`}`;
    return shown(places.size > 0, `${evidence}; before: image ${[...old].join(', ')}${consumersSince(record)}`);
  },
});
