import type { Protocol } from '../core/kinds/protocol.ts';

const tcp: Protocol = {
  name: 'tcp',
  summary: 'Any protocol. A witness only connects: it sees whether the port is open, and sends nothing.',
};
export default tcp;
