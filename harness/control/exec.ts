import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import type Docker from 'dockerode';

/** What a command printed, and how it ended. */
export interface Said {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command in a running container to its end. It may hang where the container dies meanwhile: give it a deadline. */
export async function execIn(
  container: Docker.Container,
  run: readonly string[],
  user: string | undefined,
): Promise<Said> {
  const exec = await container.exec({
    Cmd: [...run],
    AttachStdout: true,
    AttachStderr: true,
    User: user ?? 'root',
  });
  const stream = await exec.start({ hijack: true, stdin: false });
  const out = new PassThrough();
  const err = new PassThrough();
  container.modem.demuxStream(stream, out, err);
  stream.once('close', () => {
    out.end();
    err.end();
  });
  const [stdout, stderr] = await Promise.all([text(out), text(err)]);
  const { ExitCode: code } = await exec.inspect();
  return { code: code ?? -1, stdout, stderr };
}
