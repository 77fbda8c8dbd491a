import { addAbortSignal, PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import type Docker from 'dockerode';

/** What a command printed, and how it ended. */
export interface Said {
  /** Exit code; -1 when the engine knows none. */
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs a command in a running container, until the command ends or the signal aborts. When the container dies, the
 * engine may never say that the command has ended. Then only the signal ends the waiting.
 */
export async function execIn(
  container: Docker.Container,
  run: readonly string[],
  user: string | undefined,
  signal: AbortSignal,
): Promise<Said> {
  const exec = await container.exec({
    Cmd: [...run],
    AttachStdout: true,
    AttachStderr: true,
    User: user ?? 'root',
  });
  const stream = await exec.start({ hijack: true, stdin: false });
  addAbortSignal(signal, stream);
  const out = new PassThrough();
  const err = new PassThrough();
  container.modem.demuxStream(stream, out, err);
  // Without a listener, an engine that dies meanwhile would end this process. What the command printed before is still
  // read.
  stream.on('error', () => undefined);
  stream.once('close', () => {
    out.end();
    err.end();
  });
  const [stdout, stderr] = await Promise.all([text(out), text(err)]);
  const { ExitCode: code } = await exec.inspect();
  return { code: code ?? -1, stdout, stderr };
}
