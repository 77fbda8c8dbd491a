/* The cards with one figure each: its target, its usual value and its last two minutes. */
globalThis.runCards = (state, place) => {
  'use strict';
  const { element, svg, put, whole, median } = dom;

  /* Another run is shown. */
  function begin() {
    for (const one of state.run.cards) one.drawn = makeCard(one.card);
    place.replaceChildren(...state.run.cards.map(({ drawn }) => drawn.node));
  }

  function makeCard(card) {
    const value = element('b', { textContent: '–' });
    const unit = element('span', { className: 'unit', textContent: card.unit });
    const sign = element('span', { className: 'sign', attributes: { 'aria-hidden': 'true' } });
    const said = element('span', { className: 'hidden' });
    const target = element('span', { className: 'target' });
    const usual = element('span', { className: 'usual' });
    const spark = svg('svg', {
      class: 'spark',
      viewBox: '0 0 120 32',
      preserveAspectRatio: 'none',
      'aria-hidden': 'true',
    });
    const line = svg('path', { class: 'line' });
    const limit = svg('path', { class: 'limit' });
    const shades = svg('g', {});
    spark.append(shades, limit, line);
    const node = element(
      'div',
      { className: 'card', dataset: { card: card.id }, title: card.note },
      element('dt', { textContent: card.title }),
      element(
        'dd',
        {},
        element('p', { className: 'figure' }, sign, value, ' ', unit, said),
        spark,
        element('p', { className: 'notes' }, target, ' ', usual),
      ),
    );
    return { node, value, unit, sign, said, target, usual, line, limit, shades };
  }

  const number = (card, v) => {
    if (v === null || v === undefined) return ['–', card.unit];
    if (card.unit === 'ms')
      return v >= 1000
        ? [(v / 1000).toFixed(v < 10000 ? 2 : 1), 's']
        : [v < 10 ? v.toFixed(1) : String(Math.round(v)), 'ms'];
    if (card.id === 'uptime') return [v === 100 ? '100' : (Math.floor(v * 1000) / 1000).toFixed(v < 99 ? 2 : 3), '%'];
    if (card.unit === '%') return [v === 0 ? '0' : v < 1 ? v.toFixed(2) : v.toFixed(1), '%'];
    return [whole(v), card.unit];
  };
  const baseline = () => {
    const from = state.run.phases.find((p) => p.name === 'baseline');
    const to = state.run.over.find((p) => p.name === 'baseline');
    return from && { from: state.seconds(from.t), to: to ? state.seconds(to.t) : Infinity };
  };

  function drawCard({ card, values, drawn: one }) {
    const last = values.at(-1);
    const value = last ? last.value : null;
    const [text, unit] = number(card, value);
    const planned = card.of && state.run.services.get(card.of);
    put(one.value, text);
    put(one.unit, planned ? `of ${planned.planned}` : unit);
    // A load that asks for less than the target cannot reach it.
    const asked = card.id === 'throughput' ? state.latest('throughput', 'asked') : null;
    const target = planned ? planned.planned : asked === null ? card.target : Math.min(card.target, asked * 0.98);
    const tone =
      value === null || target === null
        ? ''
        : (card.good === 'below' ? value <= target : value >= target)
          ? 'good'
          : 'bad';
    one.node.dataset.tone = tone;
    put(one.sign, tone === 'good' ? '✓' : tone === 'bad' ? '✗' : '');
    put(one.said, tone === 'good' ? ' (within its target)' : tone === 'bad' ? ' (beyond its target)' : '');
    const asks = asked === null ? '' : `${whole(asked)} asked · `;
    put(
      one.target,
      card.target_text ? `${asks}target ${card.target_text}` : planned ? card.of : card.note.split(';')[0],
    );
    const span = baseline();
    const usual =
      span && values.filter((v) => v.value !== null && v.x >= span.from && v.x < span.to).map((v) => v.value);
    const shows = card.id === 'response_time' || card.id === 'throughput';
    put(one.usual, shows && usual && usual.length > 2 ? `baseline ${number(card, median(usual)).join(' ')}` : '');
    drawSpark(card, values, one);
  }

  /* The last two minutes of a card. */
  function drawSpark(card, values, { line, limit, shades }) {
    const end = values.at(-1)?.x ?? 0;
    const begin = Math.max(0, end - 120);
    const shown = values.filter((v) => v.x >= begin);
    const known = shown.filter((v) => v.value !== null).map((v) => v.value);
    const low = card.id === 'uptime' ? Math.min(99.8, ...known) : 0;
    const high = card.id === 'uptime' ? 100 : Math.max(1e-9, ...known) * 1.1;
    const x = (v) => ((v - begin) / Math.max(30, end - begin)) * 120;
    const y = (v) => 30 - ((v - low) / (high - low || 1)) * 28;
    let path = '';
    let pen = 'M';
    for (const v of shown) {
      if (v.value === null) pen = 'M';
      else {
        path += `${pen}${x(v.x).toFixed(1)} ${y(v.value).toFixed(1)}`;
        pen = 'L';
      }
    }
    line.setAttribute('d', path);
    const inside = card.target !== null && card.target > low && card.target < high;
    limit.setAttribute('d', inside ? `M0 ${y(card.target).toFixed(1)}H120` : '');
    shades.replaceChildren(
      ...state.spans().map(({ from, to }) => {
        const a = Math.max(0, x(from));
        return svg('rect', {
          class: 'shade-fault',
          x: a,
          y: 0,
          width: Math.max(0, Math.min(120, x(to)) - a),
          height: 32,
        });
      }),
    );
  }

  return { begin, draw: () => state.run.cards.forEach(drawCard) };
};
