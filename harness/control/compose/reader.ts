import { createHash } from 'node:crypto';
import { statSync } from 'node:fs';
import type { ComposeAnswer, ComposeQuestion, ComposeReader, Env } from '../../core/topology/compose.ts';
import { askCompose, askComposeAhead } from './config.ts';

/** A reader that can be told beforehand what it will be asked. */
export interface AheadReader extends ComposeReader {
  /** Asks Compose all questions at once. What it does not answer is asked again by `read`, which says why. */
  ahead(questions: readonly ComposeQuestion[]): Promise<void>;
}

/** Returns a reader that asks Compose once for the same files and environment, and again when a file has changed. */
export function composeReader(
  ask: typeof askCompose = askCompose,
  askAhead: typeof askComposeAhead = askComposeAhead,
): AheadReader {
  const known = new Map<string, { readonly stamps: string; readonly answer: ComposeAnswer }>();
  return {
    async ahead(questions) {
      const distinct = new Map(questions.map((question) => [keyOf(question.files, question.env), question]));
      const asked = [...distinct].map(async ([key, { files, env, reads }]) => {
        const stamps = reads?.map(stampOf).join('\n');
        if (stamps === undefined || known.get(key)?.stamps === stamps) return;
        const answer = await askAhead(files, env);
        if (answer !== undefined) known.set(key, { stamps, answer });
      });
      await Promise.all(asked);
    },
    read({ files, env, reads }) {
      if (reads === undefined) return ask(files, env);
      const key = keyOf(files, env);
      // The stamps are taken before Compose reads. When a file changes meanwhile, the next read asks again.
      const stamps = reads.map(stampOf).join('\n');
      const before = known.get(key);
      if (before?.stamps === stamps) return before.answer;
      const answer = ask(files, env);
      // That Compose is missing is not remembered: it may be installed at any time.
      if (answer.is !== 'missing') known.set(key, { stamps, answer });
      return answer;
    },
  };
}

/** A digest, because an environment holds secrets. It covers all variables: a compose file may use any of them. */
const keyOf = (files: readonly string[], env: Env): string =>
  createHash('sha256')
    .update(JSON.stringify([process.cwd(), files, Object.entries(env).toSorted(([a], [b]) => a.localeCompare(b))]))
    .digest('base64');

function stampOf(file: string): string {
  try {
    const { ino, size, mtimeNs, ctimeNs } = statSync(file, { bigint: true });
    return [ino, size, mtimeNs, ctimeNs].join(' ');
  } catch {
    return '';
  }
}
