import { redactDeep } from '../../core/text/redact.ts';
import { secretsOf } from '../../core/text/secrets.ts';
import type { World } from '../../core/world.ts';
import { clock, versionOf } from '../../main.ts';
import { WalkServer } from '../../modes/runbook/walk/server.ts';
import { tokenIn } from '../../modes/serving/token.ts';
import type { ReadRunbook } from '../../plan/index.ts';
import { walkPage } from '../../reporters/html/walk/page.ts';
import { stateFolder } from '../../session/places.ts';

/** The page of a walk that can be asked. */
interface WalkPage extends AsyncDisposable {
  readonly server: WalkServer;
  /** The link with the token. */
  readonly url: string;
}

/** Serves the page of a walk on this machine. `end`: the person wants the walk to end. Throws CHAOS_PORT_TAKEN. */
export async function openWalkPage(
  { sections }: ReadRunbook,
  { port, end }: { readonly port: number; readonly end: () => void },
  world: World,
): Promise<WalkPage> {
  const token = tokenIn(stateFolder(world.env), 'walk-token');
  const server = new WalkServer({
    port,
    page: walkPage(versionOf(world.root)),
    token,
    sections: redactDeep(sections, secretsOf(world.env)),
    clock,
    end,
  });
  return {
    server,
    url: `http://127.0.0.1:${await server.listen()}/#token=${token}`,
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}
