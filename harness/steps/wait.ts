import { conditions } from './parts/conditions.ts';
import { waitFor } from './parts/waiting.ts';

export type { PlannedWait } from './parts/waiting.ts';

export default waitFor(conditions);
