/* What every live page shares: elements, words for lengths of time, and the token. */
globalThis.dom = (() => {
  'use strict';
  const root = document.documentElement;
  const $ = (id) => document.getElementById(id);
  root.classList.add('js');

  /* The token comes in the address, and leaves it at once: a projector shows the address to everybody. */
  const given = /^#token=([\w-]+)$/.exec(location.hash);
  const kept = `chaos-token${location.pathname}`;
  if (given) {
    sessionStorage.setItem(kept, given[1]);
    history.replaceState(null, '', location.pathname);
  }
  const token = sessionStorage.getItem(kept);

  const element = (name, props = {}, ...children) => {
    const { dataset = {}, attributes = {}, ...rest } = props;
    const node = Object.assign(document.createElement(name), rest);
    Object.assign(node.dataset, dataset);
    for (const key of Object.keys(attributes)) node.setAttribute(key, attributes[key]);
    node.append(...children);
    return node;
  };
  const svg = (name, attributes) => {
    const node = document.createElementNS('http://www.w3.org/2000/svg', name);
    for (const key of Object.keys(attributes)) node.setAttribute(key, attributes[key]);
    return node;
  };
  const put = (node, text) => {
    if (node.textContent !== text) node.textContent = text;
  };
  /* Fills a list. An empty list says why it is empty. */
  const list = (place, nodes, none) =>
    place.replaceChildren(...(nodes.length > 0 ? nodes : [element('li', { className: 'empty', textContent: none })]));

  const duration = (ms) => {
    const s = Math.max(0, Math.round(ms / 1000));
    return `${Math.floor(s / 60)}:${String(s % 60).padStart(2, '0')}`;
  };
  const length = (ms) => (ms < 120000 ? `${Math.max(0, Math.round(ms / 1000))} s` : `${duration(ms)} min`);
  const whole = (v) => Math.round(v).toLocaleString('en-US');
  const median = (values) => values.toSorted((a, b) => a - b)[Math.floor((values.length - 1) / 2)];

  /* Sends an order with the token. Resolves when the server has taken it. Rejects with what the server says against it and
     the `status` of its answer; without a status when there was no answer. */
  async function order(address, body) {
    const answer = await fetch(address, {
      method: 'POST',
      headers: { 'X-Chaos-Token': token ?? '', ...(body && { 'Content-Type': 'application/json' }) },
      ...(body && { body: JSON.stringify(body) }),
    });
    const said = await answer.text();
    if (!answer.ok) throw Object.assign(new Error(said), { status: answer.status });
    return said;
  }

  /* Returns a function that asks for `draw` at the next frame, however often it is called before. */
  function frames(draw) {
    let asked = false;
    return () => {
      if (asked) return;
      asked = true;
      requestAnimationFrame(() => {
        asked = false;
        draw();
      });
    };
  }

  /* Calls when the size of the window has changed, and once at the beginning. */
  function onSize(then) {
    let size = 0;
    new ResizeObserver(() => {
      const next = innerWidth + innerHeight * 10000;
      if (size === next) return;
      size = next;
      then();
    }).observe(root);
  }

  return { root, $, token, element, svg, put, list, duration, length, whole, median, order, frames, onSize };
})();
