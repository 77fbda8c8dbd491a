/* The live page: follows the messages of its server, keeps the state of one run, and draws it once a frame. */
(() => {
  'use strict';
  const { css, short } = drawing;
  const root = document.documentElement;
  const $ = (id) => document.getElementById(id);
  const PHASES = ['warmup', 'baseline', 'fault', 'heal', 'recovery'];
  const SIGNS = {
    PASS: '✓',
    FAIL: '✗',
    INCONCLUSIVE: '?',
    ABORTED: '■',
    'NOT READY': '○',
    'NOT RESTORED': '!',
    ERROR: '!',
    INTERRUPTED: '■',
  };
  const LOOKS = { up: '✓', degraded: '!', down: '✗', unknown: '?' };
  const MOST_LINES = 8;
  const MOST_EVENTS = 200;
  /* The server gives a sign of life every 2 s. After this long without one the page connects again. */
  const SILENT_MS = 8000;
  root.classList.add('js');

  /* The token comes in the address, and leaves it at once: a projector shows the address to everybody. */
  const given = /^#token=([\w-]+)$/.exec(location.hash);
  if (given) {
    sessionStorage.setItem('chaos-token', given[1]);
    history.replaceState(null, '', location.pathname);
  }
  const token = sessionStorage.getItem('chaos-token');

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
  const duration = (ms) => {
    const s = Math.max(0, Math.round(ms / 1000));
    return `${Math.floor(s / 60)}:${String(s % 60).padStart(2, '0')}`;
  };
  const length = (ms) => (ms < 120000 ? `${Math.max(0, Math.round(ms / 1000))} s` : `${duration(ms)} min`);
  const whole = (v) => Math.round(v).toLocaleString('en-US');

  /* ---- the state of the run ---- */

  const empty = () => ({
    begin: null,
    origin: null,
    lastT: 0,
    phases: [],
    over: [],
    faults: new Map(),
    services: new Map(),
    alerts: new Map(),
    charts: [],
    cards: [],
    verdict: null,
    step: '',
    aborting: false,
  });
  let run = empty();
  let pulse = null;
  let pulsed = 0;
  let cursor = null;
  /* The moments of the events that the next frame shows. */
  let fresh = [];
  /* The parts that the next frame draws again. */
  const ALL = ['charts', 'cards', 'services', 'alerts'];
  const changed = new Set();
  const change = (...parts) => parts.forEach((part) => changed.add(part));

  const seconds = (t) => (t - run.origin) / 1000;
  const lastX = () => Math.max(0, ...run.charts.map((c) => c.xs.at(-1) || 0));
  /* The present moment by the server's clock; for a run that is not at work, its last moment. */
  const now = () =>
    pulse && pulse.state === 'RUNNING' && !run.verdict ? pulse.now + performance.now() - pulsed : run.lastT;

  function take(u) {
    if (u.begin) start(u.begin);
    if (!run.begin) return;
    run.lastT = Math.max(run.lastT, u.t);
    fresh.push(u.t);
    if (u.begin) change(...ALL);
    if (u.points || u.phase || u.fault) change('charts');
    if (u.cards || u.services || u.fault) change('cards');
    if (u.services) change('services');
    if (u.alert) change('alerts');
    if (u.phase) {
      if (u.phase.over) run.over.push({ name: u.phase.name, t: u.t });
      else run.phases.push({ name: u.phase.name, t: u.t });
      if (run.origin === null) run.origin = u.t;
    }
    if (u.points) for (const [chart, line, x, value] of u.points) point(run.charts[chart], line, x, value);
    if (u.cards) u.cards.forEach((value, i) => run.cards[i].values.push({ x: seconds(u.t), value }));
    if (u.services) for (const s of u.services) run.services.set(s.name, s);
    if (u.fault) {
      const known = run.faults.get(u.fault.id) || { from: null, to: null };
      if (u.fault.state === 'in force') known.from = u.t;
      if (u.fault.state === 'healed') known.to = u.t;
      run.faults.set(u.fault.id, { ...known, ...u.fault });
    }
    if (u.alert) run.alerts.set(JSON.stringify([u.alert.name, u.alert.labels]), u.alert);
    if (u.line) event(u.t, u.line);
    if (u.verdict) run.verdict = u.verdict;
  }

  function start(begin) {
    for (const chart of run.charts) chart.u?.destroy();
    run = { ...empty(), begin };
    document.title = `${begin.experiment}: live`;
    put($('title'), begin.title);
    put($('kicker'), `${begin.experiment} · ${begin.load}`);
    $('events').replaceChildren();
    $('phases').replaceChildren(
      ...PHASES.filter((name) => PHASES.indexOf(name) <= PHASES.indexOf(begin.last_phase)).map((name) => {
        const li = element('li', { dataset: { phase: name } }, element('i'), element('span', { textContent: name }));
        // A phase without a known length gets a small place: the healing.
        li.style.flexGrow = String(name === 'heal' ? 8 : Math.max(8, begin.phases[name] / 1000));
        return li;
      }),
    );
    run.cards = begin.cards.map(makeCard);
    $('cards').replaceChildren(...run.cards.map((card) => card.node));
    run.charts = begin.charts.map(makeChart);
    $('charts').replaceChildren(...run.charts.map((chart) => chart.node));
    cursor = null;
  }

  function event(t, { text, weight }) {
    const offset = run.origin === null ? '' : `+${seconds(t).toFixed(1)}`;
    const list = $('events');
    run.step = text;
    list.prepend(
      element(
        'li',
        { className: weight },
        element('time', { textContent: offset }),
        element('span', { textContent: text }),
      ),
    );
    while (list.children.length > MOST_EVENTS) list.lastChild.remove();
  }

  /* ---- cards ---- */

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
    return { card, node, value, unit, sign, said, target, usual, spark, line, limit, shades, values: [] };
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
  const median = (values) => values.toSorted((a, b) => a - b)[Math.floor((values.length - 1) / 2)];
  const baseline = () => {
    const from = run.phases.find((p) => p.name === 'baseline');
    const to = run.over.find((p) => p.name === 'baseline');
    return from && { from: seconds(from.t), to: to ? seconds(to.t) : Infinity };
  };

  function drawCard(one) {
    const { card, values } = one;
    const last = values.at(-1);
    const value = last ? last.value : null;
    const [text, unit] = number(card, value);
    const planned = card.of && run.services.get(card.of);
    put(one.value, text);
    put(one.unit, planned ? `of ${planned.planned}` : unit);
    // A load that asks for less than the target cannot reach it.
    const asked = card.id === 'throughput' ? latest('throughput', 'asked') : null;
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
    drawSpark(one);
  }

  /* The last two minutes of a card. */
  function drawSpark({ card, values, line, limit, shades }) {
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
      ...spans().map(({ from, to }) => {
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

  /* ---- charts ---- */

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
    const lines = new Map(def.lines.map((name) => [name, { values: [], last: null, peak: 0 }]));
    return { def, node, keys, box, xs: [], lines, u: null, shown: '' };
  }

  function point(chart, name, x, value) {
    const { lines, def } = chart;
    if (!lines.has(name)) lines.set(name, { values: [], last: null, peak: 0 });
    const line = lines.get(name);
    if (line.last !== null && x - line.last > def.gap_s) line.values[row(chart, line.last + def.gap_s / 2)] = null;
    line.values[row(chart, x)] = value;
    line.last = Math.max(x, line.last ?? x);
    line.peak = Math.max(line.peak, value);
    line.newest = value;
  }

  /* Returns the position of a moment, and makes it where there is none. Moments come nearly in order. */
  function row({ xs, lines }, x) {
    let i = xs.length;
    while (i > 0 && xs[i - 1] > x) i -= 1;
    if (i > 0 && xs[i - 1] === x) return i - 1;
    xs.splice(i, 0, x);
    for (const { values } of lines.values()) if (values.length > i) values.splice(i, 0, undefined);
    return i;
  }

  const latest = (id, name) => run.charts.find((c) => c.def.id === id)?.lines.get(name)?.newest ?? null;

  /* The faults on the time axis. A fault in force lasts until now. */
  const spans = () =>
    [...run.faults.values()]
      .filter((f) => f.from !== null)
      .map((f) => ({
        id: f.id,
        from: seconds(f.from),
        to: f.to === null ? Math.max(lastX(), seconds(f.from) + 0.5) : seconds(f.to),
      }));
  const shadow = () => ({
    faults: spans(),
    phases: run.phases.map((p) => {
      const over = run.over.find((o) => o.name === p.name);
      return { name: p.name, from: seconds(p.t), to: over ? seconds(over.t) : lastX() };
    }),
  });

  const projected = () => root.classList.contains('projector');
  const reach = () => Math.max(30, lastX() * 1.01);

  /* The lines that are drawn: those that the chart names, and the highest of the others. */
  function drawnLines({ def, lines }) {
    const with_ = [...lines].filter(([, line]) => line.last !== null);
    const named = def.lines.filter((name) => lines.get(name).last !== null);
    const others = with_.filter(([name]) => !def.lines.includes(name)).sort(([, a], [, b]) => b.peak - a.peak);
    return [...named, ...others.slice(0, MOST_LINES - named.length).map(([name]) => name)];
  }

  function drawChart(chart) {
    const names = drawnLines(chart);
    if (chart.xs.length < 2 || chart.box.clientWidth === 0) return;
    const { width, height } = sizeOf(chart);
    const low = lowestOf(chart, names);
    const key = JSON.stringify([names, projected(), low]);
    const data = [
      chart.xs,
      ...names.map((name) => {
        const { values } = chart.lines.get(name);
        return values.length === chart.xs.length ? values : [...values, ...Array(chart.xs.length - values.length)];
      }),
    ];
    if (chart.u === null || chart.shown !== key) {
      chart.u?.destroy();
      chart.shown = key;
      chart.u = makePlot(chart, names, data, { width, height, low });
      chart.keys.replaceChildren(...names.map((name, i) => keyOf(name, i)));
    } else {
      if (chart.u.width !== width || chart.u.height !== height) chart.u.setSize({ width, height });
      chart.u.setData(data);
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

  function makePlot(chart, names, data, { width, height, low }) {
    const { def } = chart;
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
    const label = (t) => drawing.time(t, reach(), reach());
    return new uPlot(
      {
        width,
        height,
        padding: [10, drawing.RIGHT, 0, 0],
        legend: { show: false },
        scales: { x: { time: false, range: () => [0, reach()] }, y: drawing.scale({ log, low, top }) },
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
              for (const one of run.charts) sayAll(one, drawnLines(one));
              read();
            },
          ],
        },
      },
      data,
      chart.box,
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
    for (const { id, from } of spans()) {
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

  function sayAll({ keys, lines, xs }, names) {
    keys.querySelectorAll('output').forEach((output, i) => {
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

  function read() {
    put($('readout'), cursor === null ? '' : `at ${drawing.time(cursor, reach(), reach())}`);
  }

  /* ---- the other parts ---- */

  function drawPhases() {
    const { begin, phases, over, verdict } = run;
    const t = now();
    const last = phases.at(-1);
    const current = last && !over.some((p) => p.name === last.name) ? last : null;
    for (const li of $('phases').children) {
      const name = li.dataset.phase;
      const began = phases.find((p) => p.name === name);
      const ended = over.find((p) => p.name === name);
      const spent = began ? (ended ? ended.t : t) - began.t : 0;
      const share = ended ? 1 : began ? Math.min(1, spent / Math.max(1, begin.phases[name])) : 0;
      li.dataset.at = ended ? 'over' : began ? 'now' : 'later';
      if (began && !ended) li.setAttribute('aria-current', 'step');
      else li.removeAttribute('aria-current');
      li.firstChild.style.width = `${(share * 100).toFixed(1)}%`;
    }
    const dead = pulse && pulse.state === 'INTERRUPTED' && !verdict;
    const shown = verdict || (dead ? 'INTERRUPTED' : null);
    root.dataset.verdict = shown ? shown.toLowerCase().replaceAll(' ', '-') : '';
    if (shown) {
      put($('phase'), `${SIGNS[shown] || ''} ${shown}`);
      put($('left'), run.phases.length > 0 ? `${length(run.lastT - run.origin)} of load` : '');
    } else if (current) {
      const spent = t - current.t;
      const heals = PHASES.indexOf(current.name) <= 3 && begin.last_phase !== 'baseline';
      const after = PHASES.slice(PHASES.indexOf(current.name) + 1).filter((name) => name !== 'heal');
      const rest = after.reduce((sum, name) => sum + begin.phases[name], 0);
      const here = current.name === 'heal' ? 0 : Math.max(0, begin.phases[current.name] - spent);
      put($('phase'), current.name);
      put($('left'), `${length(spent)} · ${duration(here + rest)} left${heals ? ' plus healing' : ''}`);
    } else {
      put(
        $('phase'),
        phases.length === 0 ? 'preparing' : over.length < 5 && last.name !== begin.last_phase ? '…' : 'judging',
      );
      put($('left'), run.step);
    }
  }

  function drawFaults() {
    const shown = [...run.faults.values()].filter((f) => f.state !== 'healed');
    const t = now();
    const nodes = shown.map((f) => {
      const since = f.from === null || f.state !== 'in force' ? '' : ` · ${length(t - f.from)}`;
      const on = f.targets.length > 0 ? ` on ${f.targets.join(', ')}` : '';
      return { id: f.id, state: f.state, text: `${f.id} ${f.state}${on}`, since };
    });
    const key = JSON.stringify(nodes.map(({ text }) => text));
    const place = $('faults');
    // What is read aloud changes only with the faults. The seconds go on without it.
    if (place.dataset.key !== key) {
      place.dataset.key = key;
      place.replaceChildren(
        ...nodes.map(({ text, state }) =>
          element(
            'span',
            { className: 'pill', dataset: { state } },
            element('b', { textContent: text }),
            element('span', { className: 'since', attributes: { 'aria-hidden': 'true' } }),
          ),
        ),
      );
    }
    nodes.forEach(({ since }, i) => put(place.children[i].lastChild, since));
  }

  function list(place, nodes, none) {
    place.replaceChildren(...(nodes.length > 0 ? nodes : [element('li', { className: 'empty', textContent: none })]));
  }

  function drawServices() {
    const nodes = [...run.services.values()].map((s) => {
      // Of a single container, the sign says whether it runs.
      const count = s.planned === 1 && (s.up ?? 0) < 2 ? '' : `${s.up ?? '?'} of ${s.planned}`;
      const note = [count, s.note].filter((text) => text !== '').join(' · ');
      return element(
        'li',
        { dataset: { look: s.look } },
        element('span', { className: 'sign', attributes: { 'aria-hidden': 'true' }, textContent: LOOKS[s.look] }),
        element('b', { textContent: s.name }),
        element('span', { className: 'hidden', textContent: `: ${s.look}` }),
        element('small', { textContent: note }),
        ...s.faults.map((id) => element('span', { className: 'hit', textContent: id })),
      );
    });
    list($('services'), nodes, 'No service yet.');
  }

  const URGENT = ['firing', 'pending'];
  function drawAlerts() {
    const rank = ({ state }) => (URGENT.indexOf(state) + URGENT.length + 1) % (URGENT.length + 1);
    const shown = [...run.alerts.values()].sort((a, b) => rank(a) - rank(b) || b.since - a.since);
    const nodes = shown.map((a) => {
      const since = run.origin === null ? '' : `since ${drawing.time(Math.max(0, seconds(a.since)), reach(), reach())}`;
      const delivered = a.delivered === null ? '' : `delivered (${a.delivered.status})`;
      const notes = [a.labels.severity || '', since, delivered].filter((text) => text !== '');
      return element(
        'li',
        { dataset: { state: a.state } },
        element('b', { textContent: a.name }),
        ' ',
        element('span', { className: 'is', textContent: a.state }),
        element('small', { textContent: notes.join(' · ') }),
      );
    });
    list($('alerts'), nodes, 'No alert in this record.');
  }

  function drawLink() {
    const over = run.verdict || (pulse && pulse.state !== 'RUNNING');
    const problem = pulse?.problem ? `the record cannot be read: ${pulse.problem}` : '';
    const text =
      problem ||
      (!heard ? 'connecting' : stale() ? 'connection lost, trying again' : over ? 'finished record' : 'live');
    put($('link'), text);
    $('state').dataset.link = stale() || !heard || problem ? 'lost' : over ? 'over' : 'live';
    const button = $('abort');
    button.hidden = !(token && pulse && pulse.state === 'RUNNING' && !run.verdict);
    button.disabled = run.aborting;
    put(button, run.aborting ? 'Ending …' : 'Abort …');
  }

  let asked = false;
  function soon() {
    if (asked) return;
    asked = true;
    requestAnimationFrame(draw);
  }
  function draw() {
    asked = false;
    const shown = fresh;
    const parts = new Set(changed);
    fresh = [];
    changed.clear();
    drawLink();
    if (run.begin) {
      drawPhases();
      drawFaults();
      if (parts.has('charts')) run.charts.forEach(drawChart);
      if (parts.has('cards')) run.cards.forEach(drawCard);
      if (parts.has('services')) drawServices();
      if (parts.has('alerts')) drawAlerts();
    }
    // In the next frame the browser has painted this one.
    if (shown.length > 0) requestAnimationFrame(() => dispatchEvent(new CustomEvent('drawn', { detail: shown })));
  }

  /* ---- the connection ---- */

  let source = null;
  let lastId = '';
  let heard = 0;
  let failed = false;
  const stale = () => failed || performance.now() - heard > SILENT_MS;
  function connect() {
    source?.close();
    source = new EventSource(lastId === '' ? '/events' : `/events?after=${encodeURIComponent(lastId)}`);
    source.addEventListener('open', hear);
    source.addEventListener('error', () => {
      failed = true;
      // The browser connects again by itself, but not after an answer that is no stream.
      if (source.readyState === EventSource.CLOSED) setTimeout(connect, 1000);
      soon();
    });
    source.addEventListener('message', ({ data, lastEventId }) => {
      hear();
      lastId = lastEventId;
      take(JSON.parse(data));
      soon();
    });
    source.addEventListener('pulse', ({ data }) => {
      hear();
      pulse = JSON.parse(data);
      pulsed = performance.now();
      soon();
    });
  }
  const hear = () => {
    heard = performance.now();
    failed = false;
  };
  setInterval(() => {
    if (heard && performance.now() - heard > SILENT_MS) {
      heard = performance.now() - SILENT_MS / 2;
      failed = true;
      connect();
    }
    if (run.begin) {
      drawPhases();
      drawFaults();
    }
    drawLink();
  }, 250);

  /* ---- acts and keys ---- */

  const sure = $('sure');
  function askAbort() {
    if ($('abort').hidden || run.aborting) return;
    put($('refused'), '');
    sure.showModal();
    $('keep').focus();
  }
  async function abort() {
    $('yes').disabled = true;
    try {
      const answer = await fetch('/abort', { method: 'POST', headers: { 'X-Chaos-Token': token } });
      if (!answer.ok) throw new Error(await answer.text());
      run.aborting = true;
      sure.close();
    } catch (error) {
      put($('refused'), `Not aborted: ${error.message}. \`chaos abort\` in a terminal does the same.`);
    }
    $('yes').disabled = false;
    drawLink();
  }
  $('abort').addEventListener('click', askAbort);
  $('keep').addEventListener('click', () => sure.close());
  $('yes').addEventListener('click', () => void abort());

  function project(on) {
    root.classList.toggle('projector', on);
    $('projector').setAttribute('aria-pressed', String(on));
    sessionStorage.setItem('chaos-projector', on ? '1' : '0');
    change(...ALL);
    soon();
  }
  $('projector').addEventListener('click', () => project(!projected()));
  const kept = sessionStorage.getItem('chaos-projector');
  project(kept === null ? innerWidth >= 1800 && innerHeight >= 900 : kept === '1');

  addEventListener('keydown', (e) => {
    if (e.ctrlKey || e.altKey || e.metaKey || sure.open) return;
    if (e.key === 'p') project(!projected());
    else if (e.key === 'a') askAbort();
    else if (e.key === 'c') $('charts').focus();
    else return;
    e.preventDefault();
  });
  $('charts').addEventListener('keydown', (e) => {
    const by = { ArrowLeft: -1, ArrowRight: 1 }[e.key];
    if (by === undefined && e.key !== 'Escape') return;
    e.preventDefault();
    const next =
      by === undefined ? null : Math.max(0, Math.min(lastX(), (cursor ?? lastX()) + by * (e.shiftKey ? 10 : 1)));
    for (const { u } of run.charts)
      u?.setCursor(next === null ? { left: -10, top: -10 } : { left: u.valToPos(next, 'x'), top: 10 });
    cursor = next;
    for (const chart of run.charts) sayAll(chart, drawnLines(chart));
    read();
  });

  let width = 0;
  new ResizeObserver(() => {
    if (width === innerWidth + innerHeight * 10000) return;
    width = innerWidth + innerHeight * 10000;
    change(...ALL);
    soon();
  }).observe(root);
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () =>
    run.charts.forEach(({ u }) => u?.redraw()),
  );
  connect();
})();
