import { createServer } from 'node:http';
import { Book } from './book.ts';
import { answer } from './answer.ts';

/**
 * What Alertmanager delivers to, in place of a person's telephone. It keeps each delivery with the time at which it came.
 * In the other direction it hands figures on to Prometheus that somebody outside the topology puts here.
 */
const server = createServer(answer(new Book()));
server.listen(Number(process.env['PORT'] ?? 9094));

process.on('SIGTERM', () => {
  server.close(() => process.exit(0));
  server.closeAllConnections();
});
