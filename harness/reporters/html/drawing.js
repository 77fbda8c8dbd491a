/* What every interactive chart shares: colours, axes, the shading of phases and faults, and limits. The page's own script
   follows in the same script element. */
globalThis.drawing = (() => {
  'use strict';
  const root = document.documentElement;
  const LEFT = 52;
  const RIGHT = 12;
  /* The steps of a time axis, seconds. */
  const STEPS = [0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 43200, 86400];
  const css = (name) => getComputedStyle(root).getPropertyValue(name).trim();
  const short = (v) =>
    v == null ? '–' : Math.abs(v) >= 10000 ? `${Number((v / 1000).toPrecision(3))}k` : String(Number(v.toPrecision(3)));
  const two = (v) => String(v).padStart(2, '0');

  /* A moment of an axis of `length` seconds, of which `shown` seconds are shown. */
  function time(t, length, shown) {
    if (length <= 120) return `${Number(t.toFixed(1))} s`;
    const minutes = Math.floor(t / 60);
    const seconds = two(Math.round(t % 60));
    if (length <= 10800) return `${minutes}:${seconds}`;
    const fine = shown < 600 ? `:${seconds}` : '';
    const rest = minutes % 60 === 0 && fine === '' ? '' : ` ${two(minutes % 60)}${fine}`;
    return `${Math.floor(minutes / 60)} h${rest}`;
  }

  /* Draws the shading on the canvas. */
  function shade(u, { phases, faults }) {
    const { ctx, bbox } = u;
    const span = (from, to, color) => {
      const a = Math.max(bbox.left, u.valToPos(from, 'x', true));
      const b = Math.min(bbox.left + bbox.width, u.valToPos(to, 'x', true));
      if (b <= a) return;
      ctx.fillStyle = color;
      ctx.fillRect(a, bbox.top, Math.max(1, b - a), bbox.height);
    };
    ctx.save();
    for (const p of phases) if (p.name === 'warmup') span(p.from, p.to, css('--shade-warmup'));
    for (const f of faults) span(f.from, f.to, css('--shade-fault'));
    ctx.restore();
  }

  function limit(u, { value, label }, size) {
    const { ctx, bbox } = u;
    const y = u.valToPos(value, 'y', true);
    if (y < bbox.top || y > bbox.top + bbox.height) return;
    const px = devicePixelRatio || 1;
    ctx.save();
    ctx.strokeStyle = ctx.fillStyle = css('--bad');
    ctx.lineWidth = px;
    ctx.setLineDash([6 * px, 4 * px]);
    ctx.beginPath();
    ctx.moveTo(bbox.left, y);
    ctx.lineTo(bbox.left + bbox.width, y);
    ctx.stroke();
    ctx.font = `${size * px}px system-ui, sans-serif`;
    ctx.textAlign = 'right';
    ctx.fillText(label, bbox.left + bbox.width - 4 * px, y - 4 * px);
    ctx.restore();
  }
  const limits = (u, list, size = 11) => (list || []).forEach((one) => limit(u, one, size));

  /* Draws a line with a short label for each note of a person. A label without room is left out. */
  function notes(u, list, size = 11) {
    const { ctx, bbox } = u;
    const px = devicePixelRatio || 1;
    let free = -Infinity;
    ctx.save();
    ctx.strokeStyle = ctx.fillStyle = css('--ink');
    ctx.lineWidth = px;
    ctx.setLineDash([2 * px, 3 * px]);
    ctx.font = `600 ${size * px}px system-ui, sans-serif`;
    ctx.textAlign = 'left';
    for (const { at, label } of list || []) {
      const x = u.valToPos(at, 'x', true);
      if (x < bbox.left || x > bbox.left + bbox.width) continue;
      ctx.globalAlpha = 0.55;
      ctx.beginPath();
      ctx.moveTo(x, bbox.top);
      ctx.lineTo(x, bbox.top + bbox.height);
      ctx.stroke();
      ctx.globalAlpha = 1;
      if (x < free) continue;
      ctx.fillText(label, x + 3 * px, bbox.top + size * px);
      free = x + ctx.measureText(label).width + 6 * px;
    }
    ctx.restore();
  }

  /* The scale of a chart's values. `low`, `top`: the least value that is drawn, and the highest limit. */
  const scale = ({ log, low, top }) =>
    log
      ? {
          distr: 3,
          range: (_u, _min, max) => [
            10 ** Math.floor(Math.log10(low)),
            10 ** Math.ceil(Math.log10(Math.max(max || 1, top, low * 2))),
          ],
        }
      : { range: (_u, _min, max) => [0, Math.max(max || 0, top * 1.12) * 1.08 || 1] };

  /* The axes of a chart. `label` names a moment; `size`: of the text, in pixels. */
  function axes({ log, label, size = 11 }) {
    const axis = {
      stroke: () => css('--mute'),
      font: `${size}px system-ui, sans-serif`,
      ticks: { show: false },
      grid: { stroke: () => css('--line'), width: 1 },
    };
    const by = size / 11;
    const values = (_u, ticks) => ticks.map((v) => (v === null ? '' : short(v)));
    // Of a logarithmic axis only the powers of ten have a label and a line.
    const powers = (_u, ticks) => ticks.map((v) => (Math.abs(Math.log10(v) % 1) > 1e-9 ? null : v));
    const sparse = log ? { filter: powers, grid: { ...axis.grid, filter: powers } } : {};
    return [
      { ...axis, size: 24 * by, gap: 6, incrs: STEPS, values: (_u, ticks) => ticks.map(label), space: 70 * by },
      { ...axis, ...sparse, size: LEFT * by, gap: 8, values, space: 30 * by },
    ];
  }

  return { LEFT, RIGHT, STEPS, css, short, time, shade, limits, notes, scale, axes };
})();
