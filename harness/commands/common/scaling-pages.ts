import type { Clamp, ScalingReason } from '../../core/record/scaling.ts';

/** What a word of a scaler's decision means to the person who reads it. */
export interface ScalingPage {
  /** What it means, in one sentence. */
  readonly summary: string;
  /** What to look at. */
  readonly look: string;
  /** What to change, when this is not what was wanted. */
  readonly change: string;
}

/** Why a scaler decided as it did. A new reason is not compiled without its page. */
export const REASON_PAGES: Readonly<Record<ScalingReason, ScalingPage>> = {
  cooldown_period: {
    summary: 'Nothing changes, because the last change is less than `cooldownPeriod` seconds old.',
    look: 'The wish: is it another number than the service has? Then it had to wait. In the report, the lines "wished for" and "asked for" lie apart while it waits.',
    change:
      'Write a shorter `cooldownPeriod` when a surge outruns the scaler. It should stay longer than a new container needs until it serves: otherwise the scaler decides again before it can see what its last change did. A larger `largestStep` needs fewer changes.',
  },
  high_resource_usage: {
    summary:
      'The service gets more containers: a figure is above `scaleUpThreshold`, or answers take more than 1,000 ms.',
    look: 'The figure that decided, and its threshold. Then the new containers: how long until each was healthy, and had its first answer?',
    change:
      'When it comes too late, write a lower `scaleUpThreshold`, or more `minInstances` as a warm pool. When it comes too often, write a lower target, so that one change brings more. `chaos autoscale simulate FILE` says what would help most.',
  },
  low_resource_usage: {
    summary: 'The service gets fewer containers: all figures are below `scaleDownThreshold`.',
    look: 'Did a change up follow soon after? Then this was too early, and counts towards the flaps. Did requests fail while the containers ended?',
    change:
      'Write a lower `scaleDownThreshold` or a longer `stabilityWindow` when it comes too early. Keep the upper threshold at twice the lower one or more: halving a group doubles its figures.',
  },
  within_thresholds: {
    summary: 'Nothing changes: the figures ask for nothing, or something keeps the scaler from what they ask for.',
    look: 'What held it back, beside the reason (`clamps`). Without any, the figures lie between the two thresholds.',
    change:
      'Nothing, when answers are fast and no container is idle. Else look up what held it back: `chaos explain max_instances`, for example.',
  },
  below_min_instances: {
    summary: 'The service gets more containers, because it has fewer than `minInstances`.',
    look: 'Who took them away? A fault, a person, or an earlier configuration. The events `life` of the record name each container.',
    change:
      'Write fewer `minInstances`, or give the service as many replicas in the compose file before the run begins.',
  },
  above_max_instances: {
    summary: 'The service gets fewer containers, because it has more than `maxInstances`.',
    look: 'Who added them? A person, another scaler, or `replicas` of the compose file.',
    change: 'Write more `maxInstances`, or give the service fewer replicas in the compose file before the run begins.',
  },
  no_figures: {
    summary: 'Nothing changes, because no figure is known: each is too old, or was never measured.',
    look: 'The events `scaling`: each figure with its age. `chaos report latest` has the charts of CPU and memory: do they have gaps? Is the host too busy to measure?',
    change:
      'Write a longer `staleAfter` when the figures come, but late. Never make it so long that the scaler decides from an older load than now.',
  },
};

/** What kept a decision from its wish. A new clamp is not compiled without its page. */
export const CLAMP_PAGES: Readonly<Record<Clamp, ScalingPage>> = {
  cooldown_period: {
    summary: 'The figures wish for another number, and the scaler waits: its last change is too young.',
    look: 'How long it waited, and what the users felt meanwhile: p95 and failed requests in the same time.',
    change: 'Write a shorter `cooldownPeriod`, or a larger `largestStep`, so that the change before brings enough.',
  },
  largest_step: {
    summary: 'The change is smaller than the wish: one change has at most `largestStep` containers.',
    look: 'How many changes it took to the wish, each with a cool-down between. That is the time that the step costs.',
    change:
      'Write a larger `largestStep`. Look first at what so many new containers at once do to the host and to the database: they all start and connect at the same time.',
  },
  max_instances: {
    summary: 'The figures wish for more containers than the service may have: `maxInstances`.',
    look: 'Is the service still fast enough? If not, this is its limit. How many did the figures wish for?',
    change:
      'Write more `maxInstances` when host and database can carry them: `docs/pools.md` says how many connections they take. Or make a container serve more.',
  },
  min_instances: {
    summary: 'The figures wish for fewer containers than the service may have: `minInstances`.',
    look: 'How far the wish lies below, and for how long: these containers are idle.',
    change:
      'Nothing, when they wait for a surge on purpose. Else write fewer `minInstances`, and let `chaos autoscale simulate FILE` say what a surge does then.',
  },
  slow_answers: {
    summary:
      'Answers are slow, no other figure asks for more, and slow answers alone have already added `slowAnswersAdd` containers.',
    look: 'What makes the answers slow: the database, Redis, a link, a fault? More containers did not help, and may make it worse.',
    change:
      'Mend what is slow. Write a larger `slowAnswersAdd` only when more containers made answers faster; without the key, slow answers go up to `maxInstances`.',
  },
  stability_window: {
    summary:
      'The figures wish for fewer, but wished for more at some moment of the last `stabilityWindow` seconds: the largest wish counts.',
    look: 'Does the load swing? Then the window does its work: without it the service would go down and up again.',
    change:
      'Write a shorter `stabilityWindow` when containers stay idle for too long after a surge, a longer one when the scaler flaps.',
  },
  unknown_figures: {
    summary: 'The figures that are known wish for fewer, and nothing is taken away, because one figure is not known.',
    look: 'Which figure is missing, in the events `scaling` of the record: it is older than `staleAfter` seconds, or was never measured.',
    change:
      'Find out why it is not measured. Leave out `requestsPerInstance` or `jobsPerInstance` when nobody measures what they are about. A longer `staleAfter` helps when figures come late.',
  },
};
