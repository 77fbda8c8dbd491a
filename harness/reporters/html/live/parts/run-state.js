/* The state of one run, from the messages of its server (modes/watch/message.ts). Nothing here draws. `began`: another run
   is shown from now on. */
globalThis.runState = (began) => {
  'use strict';
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
  });
  /* The parts that the next frame draws again. */
  const ALL = ['charts', 'cards', 'services', 'alerts'];
  const changed = new Set();
  const change = (...parts) => parts.forEach((part) => changed.add(part));
  const state = { run: empty() };

  function take(u) {
    const { run: before } = state;
    if (u.begin) {
      state.run = {
        ...empty(),
        begin: u.begin,
        cards: u.begin.cards.map((card) => ({ card, values: [] })),
        charts: u.begin.charts.map((def) => ({
          def,
          xs: [],
          lines: new Map(def.lines.map((name) => [name, { values: [], last: null, peak: 0 }])),
        })),
      };
      began(u.begin, before);
      change(...ALL);
    }
    const { run } = state;
    if (!run.begin) return;
    run.lastT = Math.max(run.lastT, u.t);
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
    if (u.verdict) run.verdict = u.verdict;
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

  const seconds = (t) => (t - state.run.origin) / 1000;
  const lastX = () => Math.max(0, ...state.run.charts.map((c) => c.xs.at(-1) || 0));
  /* The faults on the time axis. A fault in force lasts until now. */
  const spans = () =>
    [...state.run.faults.values()]
      .filter((f) => f.from !== null)
      .map((f) => ({
        id: f.id,
        from: seconds(f.from),
        to: f.to === null ? Math.max(lastX(), seconds(f.from) + 0.5) : seconds(f.to),
      }));

  return Object.assign(state, {
    take,
    seconds,
    lastX,
    /* The length of the time axis, seconds. */
    reach: () => Math.max(30, lastX() * 1.01),
    spans,
    latest: (id, name) => state.run.charts.find((c) => c.def.id === id)?.lines.get(name)?.newest ?? null,
    changeAll: () => change(...ALL),
    /* Returns the parts that have changed since the last call. */
    takeChanged() {
      const parts = new Set(changed);
      changed.clear();
      return parts;
    },
  });
};
