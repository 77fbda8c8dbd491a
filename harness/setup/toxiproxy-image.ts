import { existsSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ChaosError } from '../core/errors.ts';
import { ensurePackages } from './apt.ts';
import { BASE, buildContext, imageExists, pullAs, pullName, withContext } from './base-images.ts';
import { debianCodename, isRoot, onPath } from './engine.ts';
import { lastLines } from './shell.ts';
import type { Shell } from './shell.ts';
import { step } from './step.ts';
import type { Say } from './step.ts';

const VERSION = '2.12.0';
const SOURCE = `github.com/Shopify/toxiproxy/v2/cmd/server@v${VERSION}`;
/** Debian 12's own Go is too old for Toxiproxy. This Go comes from the newer suite, like the engine's packages. */
const GO_PACKAGE = 'golang-1.24-go';
const PACKAGED_GO = '/usr/lib/go-1.24/bin/go';

/** Makes sure that Toxiproxy's base image exists. The binary is at /toxiproxy in the official image and in ours. */
export async function ensureToxiproxyBase(shell: Shell, say: Say): Promise<void> {
  const { tag, official } = BASE.toxiproxy;
  if (await imageExists(shell, tag)) return;
  if (
    await step(say, `base: asking a registry for ${pullName(official)}`, async () => await pullAs(shell, official, tag))
  )
    return;
  const go = await findGo(shell, say);
  await step(say, `base: no registry; compiling ${tag} from its Go module`, async () => {
    await withContext(async (context) => {
      const compiled = await shell(
        go,
        ['install', '-trimpath', '-ldflags', `-s -w -X github.com/Shopify/toxiproxy/v2.Version=${VERSION}`, SOURCE],
        {
          deadlineMs: 600_000,
          cwd: context,
          env: { GOBIN: context, CGO_ENABLED: '0', GOFLAGS: '-mod=mod' },
        },
      );
      if (compiled.code !== 0) throw compileFailed(lastLines(compiled));
      renameSync(join(context, 'server'), join(context, 'toxiproxy'));
      writeFileSync(
        join(context, 'Dockerfile'),
        [
          'FROM scratch',
          'COPY toxiproxy /toxiproxy',
          'EXPOSE 8474',
          'ENTRYPOINT ["/toxiproxy"]',
          'CMD ["-host=0.0.0.0"]',
          '',
        ].join('\n'),
      );
      await buildContext(shell, context, tag);
    });
  });
}

async function findGo(shell: Shell, say: Say): Promise<string> {
  const found =
    onPath('go') ?? onPath('go', '/usr/local/go/bin') ?? (existsSync(PACKAGED_GO) ? PACKAGED_GO : undefined);
  if (found !== undefined) return found;
  const codename = debianCodename();
  if (!isRoot() || codename === undefined) throw compileFailed('there is no Go compiler on this machine');
  await step(say, `base: installing ${GO_PACKAGE}`, async () => {
    await ensurePackages(shell, codename, [GO_PACKAGE]);
  });
  return PACKAGED_GO;
}

function compileFailed(output: string): ChaosError {
  return new ChaosError('CHAOS_IMAGE_BUILD', {
    what: `No registry gave ${BASE.toxiproxy.official}, and Toxiproxy ${VERSION} could not be compiled here.`,
    hint: 'Install Go 1.23 or later and let it reach the Go module proxy, or let the engine reach a registry.',
    exit: 'not-ready',
    facts: { image: BASE.toxiproxy.tag, output },
  });
}
