import { listFolder } from '../core/kinds/list-folder.ts';
import type { StepKind } from '../core/kinds/step.ts';

/** All kinds of step that the list `faults` of an experiment may hold. */
export const steps: readonly StepKind[] = await listFolder(new URL('./', import.meta.url));
