import { lackError } from '../../core/topology/capability.ts';
import type { MonitoringControl } from '../../core/topology/monitoring.ts';

const none = (): Promise<never> => Promise.reject(lackError('a question to Prometheus', 'prometheus'));

/** What answers in a topology that nobody watches. */
export const noMonitoring: MonitoringControl = {
  query: none,
  samples: none,
  alerts: none,
  rules: none,
  version: none,
  started: none,
  targets: none,
  deliveries: none,
};
