/* Makes the static charts interactive: one time axis, one cursor, one zoom.
   The report is complete without this script, too. */
(() => {
  'use strict';
  const element = document.getElementById('data');
  const root = document.documentElement;
  const area = document.getElementById('charts');
  if (!element || typeof uPlot === 'undefined' || !area) return;
  const data = JSON.parse(element.textContent);
  const full = { from: 0, to: data.length };
  let range = full;
  let cursor = null;
  const plots = [];
  const { LEFT, RIGHT, STEPS, css, short } = drawing;
  root.classList.add('js');

  const narrow = matchMedia('(max-width: 640px)');
  /* Virtual time has no origin, and no time of day. */
  const clock = (t) =>
    data.origin == null ? '' : `${new Date(data.origin + t * 1000).toISOString().slice(11, 19)} UTC`;
  const time = (t) => drawing.time(t, data.length, range.to - range.from);
  const phaseAt = (t) => (data.phases.find((p) => t >= p.from && t < p.to) || {}).name || '';

  /* Returns the running sums of a stacked chart. The full sum comes first, so each later sum is painted over it. */
  function stacked(chart) {
    const sums = chart.x.map(() => 0);
    const rows = chart.series.map((s) => s.values.map((v, i) => (sums[i] += v || 0)));
    return rows.reverse();
  }

  function draw(figure, chart) {
    const box = figure.querySelector('.plot');
    const stack = chart.kind === 'stack';
    const order = stack ? chart.series.map((s, i) => i).reverse() : chart.series.map((s, i) => i);
    const bars = stack && uPlot.paths.bars({ size: [1, Infinity], gap: 0, align: 1 });
    const log = chart.log === true;
    const top = Math.max(0, ...(chart.limits || []).map((l) => l.value));
    const low = log ? Math.min(...chart.series.flatMap((s) => s.values.filter((v) => v > 0))) : 0;
    const series = order.map((i) => {
      const s = chart.series[i];
      const color = () => css(`--c${s.color}`);
      return stack
        ? { stroke: color, fill: color, width: 0, paths: bars, points: { show: false } }
        : { stroke: color, width: s.width || 1.3, dash: s.dash, points: { show: false } };
    });
    const u = new uPlot(
      {
        width: box.clientWidth || 600,
        height: narrow.matches ? 150 : 180,
        padding: [10, RIGHT, 0, 0],
        legend: { show: false },
        scales: {
          x: { time: false, range: () => [range.from, range.to] },
          y: drawing.scale({ log, low, top }),
        },
        axes: drawing.axes({ log, label: time }),
        series: [{}, ...series],
        cursor: {
          y: false,
          points: { size: 6 },
          sync: { key: 'run', scales: ['x', null] },
          drag: { x: true, y: false, setScale: false },
          bind: { dblclick: () => () => zoom(full) },
        },
        hooks: {
          drawClear: [(u) => drawing.shade(u, data)],
          draw: [(u) => drawing.limits(u, chart.limits), (u) => drawing.notes(u, data.notes)],
          setSelect: [
            (plot) => {
              const { left, width } = plot.select;
              if (width < 5) return;
              const next = { from: plot.posToVal(left, 'x'), to: plot.posToVal(left + width, 'x') };
              plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
              zoom(next);
            },
          ],
          setCursor: [
            (plot) => {
              const t = plot.cursor.left >= 0 ? plot.posToVal(plot.cursor.left, 'x') : null;
              say(figure, chart, t === null ? null : plot.cursor.idx);
              if (t !== cursor) read(t);
            },
          ],
        },
      },
      [chart.x, ...(stack ? stacked(chart) : chart.series.map((s) => s.values))],
      box,
    );
    figure.classList.add('drawn');
    // A drawn chart is as wide as its place: nothing scrolls any more.
    box.removeAttribute('tabindex');
    figure.querySelectorAll('.keys li').forEach((key, i) => {
      if (stack) return;
      const button = document.createElement('button');
      button.type = 'button';
      button.append(...key.childNodes);
      button.setAttribute('aria-pressed', 'true');
      button.addEventListener('click', () => {
        const shown = key.classList.toggle('off') === false;
        button.setAttribute('aria-pressed', String(shown));
        u.setSeries(i + 1, { show: shown });
      });
      key.append(button);
    });
    plots.push({ u, box });
  }

  /* Shows each series' value at the cursor, beside its name. */
  function say(figure, chart, idx) {
    figure.querySelectorAll('.keys output').forEach((output, i) => {
      output.textContent = idx == null ? '' : short(chart.series[i].values[idx]);
    });
  }

  const readout = area.querySelector('.readout');
  const text = document.createElement('span');
  const reset = document.createElement('button');
  reset.type = 'button';
  reset.textContent = 'whole run';
  reset.addEventListener('click', () => zoom(full));
  readout.append(text, reset);

  function read(t) {
    cursor = t;
    const now = strip && strip.querySelector('.now');
    if (now) now.setAttribute('visibility', t === null ? 'hidden' : 'visible');
    if (t === null) {
      text.textContent =
        range === full
          ? 'drag to zoom, double-click for the whole run, arrow keys to move the cursor'
          : `${time(range.from)} to ${time(range.to)}`;
      return;
    }
    text.replaceChildren();
    const b = document.createElement('b');
    b.textContent = time(t);
    text.append(b, `  ${phaseAt(t)}  ${clock(t)}`);
    if (now) {
      const x = place(t);
      now.setAttribute('x1', x);
      now.setAttribute('x2', x);
    }
  }

  /* The strip of bars. Its layout follows its width. */
  const strip = area.querySelector('svg.strip');
  const place = (t) => LEFT + ((t - range.from) / (range.to - range.from)) * (strip.dataset.width - LEFT - RIGHT);
  function svg(name, attributes) {
    const node = document.createElementNS('http://www.w3.org/2000/svg', name);
    for (const key of Object.keys(attributes)) node.setAttribute(key, attributes[key]);
    return node;
  }
  if (strip) {
    const bottom = strip.viewBox.baseVal.height - 22;
    const clip = svg('clipPath', { id: 'plot-area' });
    clip.append(svg('rect', { y: 0, height: bottom }));
    const group = svg('g', { 'clip-path': 'url(#plot-area)' });
    strip.querySelectorAll('.shade-warmup, .shade-fault').forEach((node) => node.remove());
    for (const p of data.phases)
      if (p.name === 'warmup')
        group.append(
          svg('rect', { class: 'shade-warmup span', y: 0, height: bottom, 'data-a': p.from, 'data-b': p.to }),
        );
    for (const f of data.faults)
      group.append(svg('rect', { class: 'shade-fault span', y: 0, height: bottom, 'data-a': f.from, 'data-b': f.to }));
    group.append(...strip.querySelectorAll('.bar'));
    strip.append(clip, group, svg('line', { class: 'now', y1: 0, y2: bottom, visibility: 'hidden' }));
    strip.dataset.bottom = bottom;
    strip.parentElement.removeAttribute('tabindex');
    strip.addEventListener('dblclick', () => zoom(full));
    strip.querySelectorAll('.bar').forEach((bar) =>
      bar.addEventListener('click', () => {
        const from = Number(bar.dataset.a);
        const to = Number(bar.dataset.b);
        if (to > from) zoom({ from, to });
      }),
    );
  }
  function layStrip() {
    if (!strip) return;
    const width = strip.parentElement.clientWidth;
    const bottom = Number(strip.dataset.bottom);
    strip.dataset.width = width;
    strip.setAttribute('viewBox', `0 0 ${width} ${bottom + 22}`);
    const clip = strip.querySelector('clipPath rect');
    clip.setAttribute('x', LEFT);
    clip.setAttribute('width', Math.max(0, width - LEFT - RIGHT));
    strip.querySelectorAll('.span').forEach((node) => {
      node.setAttribute('x', place(Number(node.dataset.a)));
      node.setAttribute('width', Math.max(1, place(Number(node.dataset.b)) - place(Number(node.dataset.a))));
    });
    strip.querySelectorAll('.bar').forEach((bar, i, bars) => {
      const a = place(Number(bar.dataset.a));
      const b = place(Number(bar.dataset.b));
      const rect = bar.querySelector('rect');
      const mark = bar.querySelector('path');
      let label = bar.querySelector('text');
      if (mark) {
        const top = mark.getAttribute('d').split(/[ l]/)[1];
        mark.setAttribute('d', `M${a} ${top}l5 14h-10z`);
        label.setAttribute('x', a + 8);
        const next = bars[i + 1];
        const room = next && next.querySelector('text')?.getAttribute('y') === label.getAttribute('y');
        // A label that would be cut off is in the title alone.
        const until = room ? place(Number(next.dataset.a)) : width - RIGHT;
        label.setAttribute('visibility', a + 8 + label.textContent.length * 6 <= until ? 'visible' : 'hidden');
        return;
      }
      rect.setAttribute('x', a);
      rect.setAttribute('width', Math.max(1.5, b - a));
      if (!label) {
        label = svg('text', { 'font-size': 11, fill: 'currentColor', y: Number(rect.getAttribute('y')) + 13 });
        label.textContent = bar.dataset.label;
        bar.append(label);
      }
      const left = Math.max(a, LEFT) + 6;
      label.setAttribute('x', left);
      label.setAttribute(
        'visibility',
        label.textContent.length * 6 + 6 <= Math.min(b, width - RIGHT) - left ? 'visible' : 'hidden',
      );
    });
    strip.querySelectorAll('.grid, .tick').forEach((node) => node.remove());
    const every = STEPS.find((s) => ((range.to - range.from) / s) * 70 <= width - LEFT) || 86400;
    for (let t = Math.ceil(range.from / every) * every; t <= range.to + 1e-9; t += every) {
      const x = place(t);
      const tick = svg('text', {
        class: 'tick',
        x,
        y: bottom + 15,
        'text-anchor': 'middle',
        'font-size': 11,
        fill: css('--mute'),
      });
      tick.textContent = time(t);
      strip.prepend(svg('path', { class: 'grid', d: `M${x} 0V${bottom}`, stroke: css('--line') }));
      strip.append(tick);
    }
  }

  function zoom(next) {
    const from = Math.max(0, Math.min(next.from, next.to));
    const to = Math.min(data.length, Math.max(next.from, next.to));
    range = to - from < 0.5 ? full : from <= 0 && to >= data.length ? full : { from, to };
    for (const { u } of plots) u.setScale('x', { min: range.from, max: range.to });
    layStrip();
    reset.hidden = range === full;
    const tidy = (v) => Number(v.toFixed(1));
    history.replaceState(
      null,
      '',
      range === full ? location.pathname + location.search : `#t=${tidy(range.from)}-${tidy(range.to)}`,
    );
    filter();
    read(cursor);
  }

  /* The event log follows the zoom and the search. */
  const log = document.getElementById('log');
  const search = document.createElement('input');
  search.type = 'search';
  search.placeholder = 'find in the log';
  search.setAttribute('aria-label', 'find in the log');
  search.addEventListener('input', filter);
  if (log) log.querySelector('summary').after(search);
  function filter() {
    if (!log) return;
    const wanted = search.value.trim().toLowerCase();
    for (const row of log.querySelectorAll('tbody tr')) {
      const t = Number(row.dataset.t);
      const inside = range === full || (t >= range.from && t <= range.to);
      row.hidden = !inside || (wanted !== '' && !row.textContent.toLowerCase().includes(wanted));
    }
  }

  const figures = [...document.querySelectorAll('figure[data-chart]')];
  const pending = new Map(figures.map((figure) => [figure, data.charts.find((c) => c.id === figure.dataset.chart)]));
  function drawVisible() {
    for (const [figure, chart] of pending) {
      if (figure.querySelector('.plot').clientWidth === 0) continue;
      pending.delete(figure);
      if (chart && chart.x.length > 1 && chart.series.length > 0) draw(figure, chart);
    }
  }
  document.querySelectorAll('details.fold').forEach((fold) => fold.addEventListener('toggle', drawVisible));

  document.querySelectorAll('tr[data-a]').forEach((row) => {
    row.tabIndex = 0;
    row.title = 'show on the charts';
    const show = () => {
      zoom({ from: Number(row.dataset.a), to: Number(row.dataset.b) });
      document.getElementById('timeline').scrollIntoView();
    };
    row.addEventListener('click', show);
    row.addEventListener('keydown', (e) => {
      if (e.key === 'Enter' || e.key === ' ') {
        e.preventDefault();
        show();
      }
    });
  });

  area.tabIndex = 0;
  area.setAttribute('role', 'group');
  area.setAttribute(
    'aria-label',
    'charts: arrow keys move the cursor, plus and minus zoom, Escape shows the whole run',
  );
  area.addEventListener('keydown', (e) => {
    if (e.target !== area) return;
    const width = range.to - range.from;
    const middle = cursor === null ? range.from + width / 2 : cursor;
    const go = (t) => {
      const next = Math.max(range.from, Math.min(range.to, t));
      for (const { u } of plots) u.setCursor({ left: u.valToPos(next, 'x'), top: 10 });
    };
    const around = (size) => zoom({ from: middle - size / 2, to: middle + size / 2 });
    if (e.key === 'ArrowLeft') go(middle - (e.shiftKey ? 10 : 1));
    else if (e.key === 'ArrowRight') go(middle + (e.shiftKey ? 10 : 1));
    else if (e.key === '+' || e.key === '=') around(width / 2);
    else if (e.key === '-') around(width * 2);
    else if (e.key === 'Escape' || e.key === '0') zoom(full);
    else return;
    e.preventDefault();
  });

  function fromAddress() {
    const found = /^#t=([\d.]+)-([\d.]+)$/.exec(location.hash);
    if (found) zoom({ from: Number(found[1]), to: Number(found[2]) });
  }
  addEventListener('hashchange', fromAddress);
  let frame = 0;
  addEventListener('resize', () => {
    cancelAnimationFrame(frame);
    frame = requestAnimationFrame(() => {
      layStrip();
      for (const { u, box } of plots) u.setSize({ width: box.clientWidth, height: u.height });
    });
  });
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => {
    layStrip();
    for (const { u } of plots) u.redraw();
  });
  addEventListener('beforeprint', () => document.querySelectorAll('details:not(#log)').forEach((d) => (d.open = true)));

  drawVisible();
  layStrip();
  reset.hidden = true;
  read(null);
  fromAddress();
  root.dataset.ready = String(Math.round(performance.now()));
})();
