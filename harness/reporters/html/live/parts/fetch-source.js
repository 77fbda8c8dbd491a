/* A stream of server-sent events that is read with the token in a header. EventSource sends no headers, and a token in an
   address would be in every log on its way. It has what stream.js uses of EventSource, and never connects again by itself. */
globalThis.fetchSource = (address) => {
  'use strict';
  const target = new EventTarget();
  const over = new AbortController();
  const source = {
    readyState: EventSource.CONNECTING,
    status: null,
    addEventListener: (name, listener) => target.addEventListener(name, listener),
    close() {
      source.readyState = EventSource.CLOSED;
      over.abort();
    },
  };

  function block(text) {
    let name = 'message';
    let lastEventId = '';
    const data = [];
    for (const line of text.split('\n')) {
      const [, field, value] = /^(\w+): ?(.*)$/.exec(line) ?? [];
      if (field === 'event') name = value;
      if (field === 'id') lastEventId = value;
      if (field === 'data') data.push(value);
    }
    if (data.length > 0) target.dispatchEvent(new MessageEvent(name, { data: data.join('\n'), lastEventId }));
  }

  async function read() {
    const answer = await fetch(address, {
      headers: { 'X-Chaos-Token': dom.token ?? '', Accept: 'text/event-stream' },
      cache: 'no-store',
      signal: over.signal,
    });
    source.status = answer.status;
    if (!answer.ok) throw new Error(await answer.text());
    source.readyState = EventSource.OPEN;
    target.dispatchEvent(new Event('open'));
    const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
    let text = '';
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      text += part.value;
      const whole = text.split('\n\n');
      text = whole.pop();
      whole.forEach(block);
    }
  }

  void read()
    .catch(() => undefined)
    .then(() => {
      if (source.readyState === EventSource.CLOSED) return;
      source.readyState = EventSource.CLOSED;
      target.dispatchEvent(new Event('error'));
    });
  return source;
};
