import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type Docker from 'dockerode';
import { ChaosError } from '../../../core/errors.ts';

type Env = Readonly<Record<string, string | undefined>>;

const USUAL_SOCKET = '/var/run/docker.sock';
/** The context that stands for the usual socket. It has no files. */
const DEFAULT = 'default';

/**
 * Returns how to reach the engine that `docker` and `docker compose` use, so that everything asks the same engine:
 * DOCKER_HOST, else the context that DOCKER_CONTEXT or the configuration of `docker` names, else the usual socket.
 * Throws CHAOS_ENGINE_ADDRESS for a context that is not there, or that leads over SSH or a named pipe.
 */
export function engineAt(env: Env): Docker.DockerOptions {
  const host = env['DOCKER_HOST'];
  if (host !== undefined && host !== '')
    return optionsOf(host, { certificates: env['DOCKER_CERT_PATH'] }, 'DOCKER_HOST');
  const config = env['DOCKER_CONFIG'] ?? join(env['HOME'] ?? homedir(), '.docker');
  const context = env['DOCKER_CONTEXT'] || currentContext(config);
  if (context === DEFAULT) return optionsOf(`unix://${USUAL_SOCKET}`, {}, '');
  // https://github.com/docker/cli/blob/master/cli/context/store/store.go: a context's folder is its name's digest.
  const id = createHash('sha256').update(context).digest('hex');
  const certificates = join(config, 'contexts', 'tls', id, 'docker');
  return optionsOf(
    hostOf(context, join(config, 'contexts', 'meta', id, 'meta.json')),
    existsSync(certificates) ? { certificates } : {},
    `the context "${context}"`,
  );
}

function currentContext(config: string): string {
  try {
    const { currentContext: name } = JSON.parse(readFileSync(join(config, 'config.json'), 'utf8')) as {
      currentContext?: string;
    };
    return name || DEFAULT;
  } catch {
    // `docker` also takes the usual socket when there is no configuration, or when it cannot read the configuration.
    return DEFAULT;
  }
}

function hostOf(context: string, meta: string): string {
  try {
    const { Endpoints } = JSON.parse(readFileSync(meta, 'utf8')) as { Endpoints: { docker: { Host: string } } };
    return Endpoints.docker.Host;
  } catch (cause) {
    throw new ChaosError('CHAOS_ENGINE_ADDRESS', {
      what: `the docker context "${context}" cannot be read`,
      hint: '`docker context ls` lists the contexts, and `docker context use NAME` chooses one.',
      exit: 'not-ready',
      cause,
    });
  }
}

/** `certificates`: the folder of ca.pem, cert.pem and key.pem. `from`: what gave the address, for an error. */
function optionsOf(
  host: string,
  { certificates }: { certificates?: string | undefined },
  from: string,
): Docker.DockerOptions {
  const [scheme = '', rest = ''] = host.split('://');
  // dockerode reads DOCKER_HOST of this process by itself. An empty `host` overrides that.
  if (scheme === 'unix') return { socketPath: rest, host: '' };
  const { hostname, port } = new URL(`http://${rest}`);
  if (scheme !== 'tcp' && scheme !== 'http' && scheme !== 'https') {
    throw new ChaosError('CHAOS_ENGINE_ADDRESS', {
      what: `${from} leads to ${host}, and chaos reaches an engine by unix:// or tcp:// only`,
      hint: 'Choose another context, or set DOCKER_HOST. Over SSH: forward the socket with `ssh -L`.',
      exit: 'not-ready',
    });
  }
  const file = (name: string): Buffer => readFileSync(join(certificates ?? '', name));
  const isTls = certificates !== undefined && existsSync(join(certificates, 'key.pem'));
  return {
    host: hostname,
    port: Number(port || (isTls ? 2_376 : 2_375)),
    protocol: isTls || scheme === 'https' ? 'https' : 'http',
    ...(isTls ? { ca: file('ca.pem'), cert: file('cert.pem'), key: file('key.pem') } : {}),
  };
}
