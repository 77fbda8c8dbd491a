/** What happened to a container, or to the container that takes its place. */
export type DeployStep =
  /** The new container was made. */
  | 'created'
  | 'started'
  /** The engine's health check succeeded. */
  | 'healthy'
  /** The new container was watched, and found good. */
  | 'good'
  /** The old container got SIGTERM. */
  | 'draining'
  /** The old container has ended and was removed. */
  | 'gone'
  /** The new container is not good. */
  | 'failed'
  /** The container has its old image again. */
  | 'given back';

/** How a deploy ended. A deploy that was ended from outside says nothing. */
export type DeployOutcome = 'deployed' | 'rolled back' | 'paused';

/** What a deploy tells while it goes on. */
export type DeployNews =
  | {
      readonly kind: 'deploy.step';
      /** The name of the container whose place is meant. */
      readonly container: string;
      readonly step: DeployStep;
      /** The id of the image of the container that the step is about. */
      readonly image: string;
      /** Why it failed, or what was seen. */
      readonly text?: string;
    }
  | {
      readonly kind: 'deploy.ended';
      readonly service: string;
      readonly outcome: DeployOutcome;
      /** In how many places a container of the new image ran. */
      readonly touched: number;
      /** In how many places a container of the new image was found bad. */
      readonly failed: number;
      /** The id of the new image. */
      readonly image: string;
      /** One phrase, for people. */
      readonly text: string;
    };

/** What a deploy did to one container. */
export type DeployStepNews = Extract<DeployNews, { readonly kind: 'deploy.step' }>;
/** How a deploy ended. */
export type DeployEndNews = Extract<DeployNews, { readonly kind: 'deploy.ended' }>;
