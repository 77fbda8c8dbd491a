/* The connection to the page's own server: every message once and in its order, and the server's signs of life. When the
   connection breaks, the page connects again and goes on where it was. `source`: opens the stream of an address, as
   EventSource does. `hear`: what takes events with a name of their own. */
globalThis.openStream = (options) => {
  'use strict';
  const { address, take, changed, source: open = (url) => new EventSource(url), hear: named = {} } = options;
  /* The server gives a sign of life every 2 s. After this long without one the page connects again. */
  const SILENT_MS = 8000;
  let source = null;
  let lastId = '';
  let heard = 0;
  let failed = false;
  let pulse = null;
  let pulsed = 0;

  const hear = () => {
    heard = performance.now();
    failed = false;
  };
  function connect() {
    source?.close();
    source = open(lastId === '' ? address : `${address}?after=${encodeURIComponent(lastId)}`);
    source.addEventListener('open', hear);
    source.addEventListener('error', () => {
      failed = true;
      // The browser connects again by itself, but not after an answer that is no stream.
      if (source.readyState === EventSource.CLOSED) setTimeout(connect, 1000);
      changed();
    });
    source.addEventListener('message', ({ data, lastEventId }) => {
      hear();
      lastId = lastEventId;
      take(JSON.parse(data));
      changed();
    });
    source.addEventListener('pulse', ({ data }) => {
      hear();
      pulse = JSON.parse(data);
      pulsed = performance.now();
      named.pulse?.(pulse);
      changed();
    });
    for (const name of Object.keys(named).filter((name) => name !== 'pulse')) {
      source.addEventListener(name, ({ data }) => {
        hear();
        named[name](JSON.parse(data));
        changed();
      });
    }
  }
  setInterval(() => {
    if (!heard || performance.now() - heard <= SILENT_MS) return;
    heard = performance.now() - SILENT_MS / 2;
    failed = true;
    connect();
    changed();
  }, 250);
  connect();

  return {
    get pulse() {
      return pulse;
    },
    /* The present moment by the server's clock, epoch milliseconds; null before its first sign of life. */
    now: () => (pulse ? pulse.now + performance.now() - pulsed : null),
    /* Why nothing comes, for people; '' when everything does. `whose`: what the token should be of. */
    trouble(whose) {
      if (source?.status === 401) return `this link has no token of ${whose}`;
      if (heard === 0) return 'connecting';
      return failed || performance.now() - heard > SILENT_MS ? 'connection lost, trying again' : '';
    },
  };
};
