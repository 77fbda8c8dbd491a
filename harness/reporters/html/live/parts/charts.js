/* The charts of a run that goes on: one time axis and one cursor. */
globalThis.runCharts = (state, places) => {
  'use strict';
  const { place, readout } = places;
  const { root, element, svg, put, median } = dom;
  const { css, short } = drawing;
  const MOST_LINES = 8;
  let cursor = null;

  /* Another run is shown. `before`: the run that was shown until now. */
  function begin(before) {
    for (const { drawn } of before.charts) drawn.u?.destroy();
    for (const chart of state.run.charts) chart.drawn = makeChart(chart.def);
    place.replaceChildren(...state.run.charts.map(({ drawn }) => drawn.node));
    cursor = null;
  }

  function makeChart(def) {
    const keys = element('ul', { className: 'keys' });
    const box = element('div', { className: 'plot' });
    const caption = element(
      'figcaption',
      {},
      element('b', { textContent: def.title }),
      ' ',
      element('span', { className: 'unit', textContent: def.unit }),
      ' ',
      element('span', { className: 'quiet', textContent: def.note }),
      keys,
    );
    const node = element('figure', { className: 'chart', dataset: { chart: def.id } }, caption, box);
    return { node, keys, box, u: null, shown: '' };
  }

  const shadow = () => ({
    faults: state.spans(),
    phases: state.run.phases.map((p) => {
      const over = state.run.over.find((o) => o.name === p.name);
      return { name: p.name, from: state.seconds(p.t), to: over ? state.seconds(over.t) : state.lastX() };
    }),
  });

  const projected = () => root.classList.contains('projector');

  /* The lines that are drawn: those that the chart names, and the highest of the others. */
  function drawnLines({ def, lines }) {
    const with_ = [...lines].filter(([, line]) => line.last !== null);
    const named = def.lines.filter((name) => lines.get(name).last !== null);
    const others = with_.filter(([name]) => !def.lines.includes(name)).sort(([, a], [, b]) => b.peak - a.peak);
    return [...named, ...others.slice(0, MOST_LINES - named.length).map(([name]) => name)];
  }

  function drawChart(chart) {
    const { drawn } = chart;
    const names = drawnLines(chart);
    if (chart.xs.length < 2 || drawn.box.clientWidth === 0) return;
    const { width, height } = sizeOf(drawn);
    const low = lowestOf(chart, names);
    const key = JSON.stringify([names, projected(), low]);
    const data = [
      chart.xs,
      ...names.map((name) => {
        const { values } = chart.lines.get(name);
        return values.length === chart.xs.length ? values : [...values, ...Array(chart.xs.length - values.length)];
      }),
    ];
    if (drawn.u === null || drawn.shown !== key) {
      drawn.u?.destroy();
      drawn.shown = key;
      drawn.u = makePlot(chart, names, data, { width, height, low });
      drawn.keys.replaceChildren(...names.map((name, i) => keyOf(name, i)));
    } else {
      if (drawn.u.width !== width || drawn.u.height !== height) drawn.u.setSize({ width, height });
      drawn.u.setData(data);
    }
    sayAll(chart, names);
  }

  const COLORS = { asked: 0, p50: 4, p95: 1, failed: 3, achieved: 6, 'pressure beside it': 8 };
  const DASHES = { asked: [5, 4], 'pressure beside it': [1, 3] };
  const colorOf = (name, i) => COLORS[name] ?? (i % 8) + 1;
  const dashOf = (name) => DASHES[name];
  const sizeOf = ({ box }) => ({ width: box.clientWidth, height: Math.max(110, box.clientHeight) });

  /* When values are so far apart that a linear axis would hide the small ones, returns the power of ten below them. A
     logarithmic axis has no place for 0: then, and when values are near each other, returns null. */
  function lowestOf({ lines }, names) {
    const values = names.flatMap((name) => lines.get(name).values.filter((v) => v != null));
    if (values.length === 0 || values.some((v) => v <= 0)) return null;
    return Math.max(...values) > 20 * median(values) ? 10 ** Math.floor(Math.log10(Math.min(...values))) : null;
  }

  function makePlot({ def, drawn }, names, data, { width, height, low }) {
    const log = low !== null;
    const size = projected() ? 20 : 11;
    const top = Math.max(0, ...def.limits.map((l) => l.value));
    const series = names.map((name, i) => ({
      stroke: () => css(`--c${colorOf(name, i)}`),
      fill: name === 'failed' ? () => css('--shade-fault') : undefined,
      width: (i < 2 ? 2 : 1.3) * (projected() ? 1.6 : 1),
      dash: dashOf(name),
      points: { show: false },
    }));
    const label = (t) => drawing.time(t, state.reach(), state.reach());
    return new uPlot(
      {
        width,
        height,
        // The last label of the time axis has half of its width beyond the axis.
        padding: [10, (drawing.RIGHT * size) / 11, 0, 0],
        legend: { show: false },
        scales: { x: { time: false, range: () => [0, state.reach()] }, y: drawing.scale({ log, low, top }) },
        axes: drawing.axes({ log, label, size }),
        series: [{}, ...series],
        cursor: {
          y: false,
          points: { size: 6 },
          sync: { key: 'live', scales: ['x', null] },
          drag: { x: false, y: false },
        },
        hooks: {
          drawClear: [(u) => drawing.shade(u, shadow())],
          draw: [(u) => drawing.limits(u, apart(u, def.limits, size), size), (u) => nameFaults(u, size)],
          setCursor: [
            (u) => {
              cursor = u.cursor.left >= 0 && u.cursor.idx !== null ? u.posToVal(u.cursor.left, 'x') : null;
              say();
            },
          ],
        },
      },
      data,
      drawn.box,
    );
  }

  /* A limit at the very foot of a chart cannot be told from its axis. */
  const apart = (u, limits, size) =>
    limits.filter(({ value }) => u.valToPos(value, 'y') < u.bbox.height / (devicePixelRatio || 1) - size);

  function nameFaults(u, size) {
    const { ctx, bbox } = u;
    const px = devicePixelRatio || 1;
    ctx.save();
    ctx.fillStyle = css('--bad');
    ctx.font = `600 ${size * px}px system-ui, sans-serif`;
    ctx.textAlign = 'left';
    let free = -Infinity;
    for (const { id, from } of state.spans()) {
      const x = u.valToPos(from, 'x', true);
      ctx.fillRect(x, bbox.top, Math.max(1, px), bbox.height);
      if (x < free) continue;
      const left = Math.min(x + 5 * px, bbox.left + bbox.width - ctx.measureText(id).width);
      ctx.fillText(id, left, bbox.top + size * px);
      free = x + ctx.measureText(id).width + 12 * px;
    }
    ctx.restore();
  }

  function keyOf(name, i) {
    const swatch = svg('svg', { class: 'swatch', width: 18, height: 10, 'aria-hidden': 'true' });
    const line = svg('path', { class: `line c${colorOf(name, i)}`, d: 'M0 5H17', fill: 'none', 'stroke-width': 2.5 });
    if (dashOf(name)) line.setAttribute('stroke-dasharray', dashOf(name).join(' '));
    swatch.append(line);
    return element('li', {}, swatch, name, element('output'));
  }

  function sayAll({ drawn, lines, xs }, names) {
    drawn.keys.querySelectorAll('output').forEach((output, i) => {
      const line = lines.get(names[i]);
      if (!line) return;
      let value = line.newest;
      if (cursor !== null) {
        let at = xs.length - 1;
        while (at > 0 && xs[at] > cursor) at -= 1;
        while (at > 0 && line.values[at] === undefined) at -= 1;
        value = line.values[at];
      }
      put(output, short(value));
    });
  }

  /* Says the value of every line, at the cursor or the newest. */
  function say() {
    for (const chart of state.run.charts) sayAll(chart, drawnLines(chart));
    put(readout, cursor === null ? '' : `at ${drawing.time(cursor, state.reach(), state.reach())}`);
  }

  place.addEventListener('keydown', (e) => {
    const by = { ArrowLeft: -1, ArrowRight: 1 }[e.key];
    if (by === undefined && e.key !== 'Escape') return;
    e.preventDefault();
    const end = state.lastX();
    const next = by === undefined ? null : Math.max(0, Math.min(end, (cursor ?? end) + by * (e.shiftKey ? 10 : 1)));
    for (const { u } of state.run.charts.map(({ drawn }) => drawn))
      u?.setCursor(next === null ? { left: -10, top: -10 } : { left: u.valToPos(next, 'x'), top: 10 });
    cursor = next;
    say();
  });
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () =>
    state.run.charts.forEach(({ drawn }) => drawn.u?.redraw()),
  );

  return { begin, draw: () => state.run.charts.forEach(drawChart) };
};
