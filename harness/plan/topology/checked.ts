import type { core } from 'zod';
import type { Problem } from '../../core/plan/problem.ts';
import type { Env } from '../../core/topology/compose.ts';
import type { TopologySpec } from '../../core/topology/spec.ts';
import type { Monitoring } from '../monitoring.ts';
import { problemsOf } from '../source/issues.ts';
import type { Path } from '../../core/plan/mismatch.ts';
import { placeOf, type Source, sharedValueOf } from '../source/source.ts';
import { valueAt } from '../source/value-at.ts';
import { didYouMean } from '../../kit/suggest.ts';
import { mapOf } from '../source/map.ts';
import { digestsOf } from './digests.ts';
import { unknownNames } from './names.ts';
import { servicesOff, withoutOff } from './off.ts';
import { composed } from './shape.ts';
import { ownerOf } from './sources.ts';
import { specOf } from './spec.ts';

/** Returns the output of `docker compose config` as a topology, or the problems in it. */
export function checked(
  config: unknown,
  files: readonly string[],
  sources: readonly Source[],
  env: Env,
  wanted: Monitoring | undefined,
): TopologySpec | readonly Problem[] {
  const { services, 'x-chaos': block } = mapOf(config);
  const [first = ''] = files;
  const undescribed = (message: string, hint: string): readonly Problem[] => [
    { file: first, line: 1, column: 1, code: 'CHAOS_TOPOLOGY_INVALID', message, hint, severity: 'error' },
  ];
  if (Object.keys(mapOf(services)).length === 0)
    return undescribed(
      'this compose file has no services',
      'Name a compose file, for example ../docker-compose.chaos.yml. Services of a profile need COMPOSE_PROFILES.',
    );
  if (block === undefined)
    return undescribed(
      'this compose file has no "x-chaos" block',
      'It describes links and addresses. Copy the block of docker-compose.chaos.yml and change it.',
    );
  const parsed = composed.safeParse(config, { reportInput: false });
  if (!parsed.success) return parsed.error.issues.flatMap((issue) => misshapen(issue, config, sources, first));
  const off = servicesOff(sources, parsed.data);
  const wrong = unknownNames(parsed.data, off).map(({ path, message, known, hint }): Problem => {
    const source = ownerOf(sources, path);
    return {
      file: first,
      ...(source === undefined ? {} : { file: source.file, ...placeOf(source, path) }),
      code: 'CHAOS_UNKNOWN_SERVICE',
      message,
      hint: hint ?? didYouMean(String(path.at(-1)), known),
      severity: 'error',
    };
  });
  if (wrong.length > 0) return wrong;
  const described = { ...parsed.data, 'x-chaos': withoutOff(parsed.data['x-chaos'], off) };
  return specOf(files, described, digestsOf(config, files, env), wanted);
}

/**
 * Returns the problems of a value that Compose accepts and the harness does not. The value is shown as the file has it,
 * with its variables: the value of a variable may be secret.
 */
function misshapen(
  issue: core.$ZodIssue,
  config: unknown,
  sources: readonly Source[],
  first: string,
): readonly Problem[] {
  const path = issue.path as Path;
  const isThere = valueAt(config, path) !== undefined;
  const issues = issue.code === 'unrecognized_keys' ? issue.keys.map((key) => ({ ...issue, keys: [key] })) : [issue];
  return issues.flatMap((one) => {
    const at = 'keys' in one ? [...path, ...one.keys] : isThere ? path : path.slice(0, -1);
    const source = ownerOf(sources, at);
    // Compose accepts files that our parser refuses.
    if (source === undefined) return [unplaced(first, path, issue.message)];
    const written = isThere && source.doc.hasIn(path);
    return problemsOf([one], source, composed, written ? sharedValueOf(source) : config).map(({ problem }) => problem);
  });
}

const unplaced = (file: string, path: Path, why: string): Problem => ({
  file,
  code: 'CHAOS_TOPOLOGY_INVALID',
  message: `"${path.join('.')}" is not valid: ${why}`,
  hint: 'The block in docker-compose.chaos.yml is an example.',
  severity: 'error',
});
