import { z } from 'zod';

// The Common Test Report Format, from its specification (ctrf.io, specVersion 0.0.0), strictly: no key that it does not
// name, and counts that agree with the tests. Insights and baseline, which are about several reports, are left out.

const count = z.int().min(0);
/** Milliseconds; since 1970 where it is a moment. */
const ms = z.int().min(0);
const extra = z.record(z.string(), z.unknown());
const status = z.enum(['passed', 'failed', 'skipped', 'pending', 'other']);
const attachment = z.strictObject({
  name: z.string(),
  contentType: z.string(),
  path: z.string(),
  extra: extra.optional(),
});

/** What a test and an attempt of it have in common. */
const outcome = {
  status,
  message: z.string().optional(),
  trace: z.string().optional(),
  snippet: z.string().optional(),
  line: z.int().min(1).optional(),
  start: ms.optional(),
  stop: ms.optional(),
  stdout: z.array(z.string()).optional(),
  stderr: z.array(z.string()).optional(),
  attachments: z.array(attachment).optional(),
  extra: extra.optional(),
};

const test = z.strictObject({
  ...outcome,
  id: z.uuid().optional(),
  name: z.string().min(1),
  duration: ms,
  suite: z.array(z.string()).min(1).optional(),
  ai: z.string().optional(),
  rawStatus: z.string().optional(),
  tags: z.array(z.string()).optional(),
  labels: z.record(z.string(), z.unknown()).optional(),
  type: z.string().optional(),
  filePath: z.string().optional(),
  retries: count.optional(),
  retryAttempts: z.array(z.strictObject({ ...outcome, attempt: z.int().min(1), duration: ms.optional() })).optional(),
  /** Only a test that passed in the end is flaky. */
  flaky: z.boolean().optional(),
  threadId: z.string().optional(),
  browser: z.string().optional(),
  device: z.string().optional(),
  screenshot: z.string().optional(),
  parameters: extra.optional(),
  steps: z.array(z.strictObject({ name: z.string(), status, extra: extra.optional() })).optional(),
});

export const ctrfReport = z
  .strictObject({
    reportFormat: z.literal('CTRF'),
    specVersion: z.string().regex(/^\d+\.\d+\.\d+$/),
    reportId: z.uuid().optional(),
    timestamp: z.iso.datetime().optional(),
    generatedBy: z.string().optional(),
    extra: extra.optional(),
    results: z.strictObject({
      tool: z.strictObject({ name: z.string().min(1), version: z.string().optional(), extra: extra.optional() }),
      summary: z.strictObject({
        tests: count,
        passed: count,
        failed: count,
        skipped: count,
        pending: count,
        other: count,
        flaky: count.optional(),
        suites: count.optional(),
        start: ms,
        stop: ms,
        duration: ms.optional(),
        extra: extra.optional(),
      }),
      tests: z.array(test),
      environment: z
        .strictObject({
          reportName: z.string().optional(),
          appName: z.string().optional(),
          appVersion: z.string().optional(),
          buildId: z.string().optional(),
          buildName: z.string().optional(),
          buildNumber: z.int().optional(),
          buildUrl: z.string().optional(),
          repositoryName: z.string().optional(),
          repositoryUrl: z.string().optional(),
          commit: z.string().optional(),
          branchName: z.string().optional(),
          osPlatform: z.string().optional(),
          osRelease: z.string().optional(),
          osVersion: z.string().optional(),
          testEnvironment: z.string().optional(),
          healthy: z.boolean().optional(),
          extra: extra.optional(),
        })
        .optional(),
      extra: extra.optional(),
    }),
  })
  .superRefine(({ results: { summary, tests } }, ctx) => {
    const wrong = (message: string): void => ctx.addIssue({ code: 'custom', message });
    if (summary.tests !== tests.length) wrong(`tests is ${summary.tests}, and there are ${tests.length}`);
    for (const one of status.options) {
      const is = tests.filter((test) => test.status === one).length;
      if (summary[one] !== is) wrong(`${one} is ${summary[one]}, and there are ${is}`);
    }
    if (summary.stop < summary.start) wrong('it stops before it starts');
    for (const { name, retries, retryAttempts = [], flaky, status } of tests) {
      if ((retries ?? 0) !== retryAttempts.length) wrong(`${name} has ${retries ?? 0} retries and other attempts`);
      if (flaky === true && status !== 'passed') wrong(`${name} is flaky, and did not pass`);
    }
  });

export type CtrfReport = z.output<typeof ctrfReport>;
