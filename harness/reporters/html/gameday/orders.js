/* The acts of a page. An act without an answer is sent again, with the same id, until one comes: its server may have died,
   and it carries an act out once. What is not sent yet survives a reload of the page. */
globalThis.openOrders = (options) => {
  'use strict';
  const { who, changed, refused } = options;
  const AGAIN_MS = 1000;
  const KEPT = `chaos-orders${location.pathname}`;
  /* Acts about one thing are sent one after another: the text of a note after the note. */
  const busy = new Set();
  let waiting = JSON.parse(sessionStorage.getItem(KEPT) ?? '[]');
  let unheard = false;

  /* Does not step when somebody sets the clock. */
  const now = () => performance.timeOrigin + performance.now();
  const name = () =>
    Array.from(crypto.getRandomValues(new Uint8Array(12)), (b) => b.toString(16).padStart(2, '0')).join('');
  const laneOf = ({ id, keys }) => keys.note ?? keys.action ?? id;
  function keep() {
    sessionStorage.setItem(KEPT, JSON.stringify(waiting));
    changed();
  }

  /* Gives an act. `timed`: the act tells how long ago its key was pressed. */
  function give(act, keys = {}, timed = false) {
    const order = { id: name(), act, keys, who: who(), pressed: now(), timed };
    waiting.push(order);
    keep();
    void send(laneOf(order));
  }

  async function send(lane) {
    if (busy.has(lane)) return;
    busy.add(lane);
    for (let one = next(lane); one !== undefined; one = next(lane)) {
      const { id, act, keys, pressed, timed } = one;
      const ago = timed ? { ago_ms: Math.max(0, Math.round(now() - pressed)) } : {};
      try {
        await dom.order('/acts', { act, who: one.who, id, ...keys, ...ago });
        unheard = false;
      } catch (error) {
        unheard = error.status === undefined || error.status >= 500;
        if (unheard) {
          changed();
          await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
          continue;
        }
        refused(one, saidIn(error.message));
      }
      waiting = waiting.filter((other) => other !== one);
      keep();
    }
    busy.delete(lane);
  }
  const next = (lane) => waiting.find((one) => laneOf(one) === lane);

  /* What the server says against an act, for people. */
  function saidIn(text) {
    try {
      const { message, hint } = JSON.parse(text).error;
      return [message, hint].filter(Boolean).join('. ');
    } catch {
      return text;
    }
  }

  for (const lane of new Set(waiting.map(laneOf))) void send(lane);
  return {
    give,
    name,
    /* How many acts have no answer yet although they were sent. */
    unheard: () => (unheard ? waiting.length : 0),
    waits: (act) => waiting.some((one) => one.act === act),
  };
};
