import { z } from 'zod';

// The keys of a GitLab job that the template uses, as docs.gitlab.com/ci/yaml describes them, strictly: GitLab refuses a
// job with a key that it does not know, and says so only when a pipeline begins.

/** "3h", "170m", "1 day": GitLab reads durations with chronic_duration. */
const duration = z.string().regex(/^\d+ ?(?:m|min|minutes|h|hours?|d|days?|w|weeks?)$/);
const lines = z.array(z.string().min(1)).min(1);
/** Within the checkout: GitLab takes no other path. */
const path = z.string().regex(/^(?!\/)(?!.*\.\.)[\w./-]+$/);
const when = z.enum(['on_success', 'on_failure', 'always']);

const cache = z.strictObject({
  key: z.union([z.string().regex(/^[^/]+$/), z.strictObject({ files: z.array(path).min(1).max(2) })]),
  paths: z.array(path).min(1),
  when: when.optional(),
  policy: z.enum(['pull', 'push', 'pull-push']).optional(),
});

const job = z.strictObject({
  stage: z.enum(['.pre', 'build', 'test', 'deploy', '.post']),
  rules: z
    .array(z.strictObject({ if: z.string().regex(/^\$\w+ (?:==|!=|=~) "[^"]*"$/), when: when.optional() }))
    .min(1),
  resource_group: z.string().regex(/^[\w/$-]+$/),
  interruptible: z.boolean(),
  timeout: duration,
  variables: z.record(z.string().regex(/^[A-Z][A-Z0-9_]*$/), z.string()),
  // A job has at most four caches.
  cache: z.array(cache).min(1).max(4),
  before_script: lines,
  script: lines,
  after_script: lines,
  artifacts: z.strictObject({
    when,
    expire_in: duration,
    paths: z.array(path).min(1),
    reports: z.strictObject({ junit: path, codequality: path }),
  }),
});

/** A file with the one job of the template. */
export const gitlabFile = z.strictObject({ chaos: job });
