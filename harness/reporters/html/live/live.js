/* The live page of one run: where the run is, what happened in it, and its end by a person. */
(() => {
  'use strict';
  const { root, $, element, put, duration, length, token } = dom;
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
  const MOST_EVENTS = 200;
  /* The last event of the log. */
  let step = '';
  let aborting = false;
  /* The moments of the events that the next frame shows. */
  let fresh = [];

  const state = runState(start);
  const cards = runCards(state, $('cards'));
  const charts = runCharts(state, { place: $('charts'), readout: $('readout') });
  const lists = runLists(state, { services: $('services'), alerts: $('alerts') });

  /* The present moment by the server's clock; for a run that is not at work, its last moment. */
  const now = () => (stream.pulse?.state === 'RUNNING' && !state.run.verdict ? stream.now() : state.run.lastT);

  function take(u) {
    state.take(u);
    if (!state.run.begin) return;
    fresh.push(u.t);
    if (u.line) event(u.t, u.line);
  }

  function start(begin, before) {
    step = '';
    aborting = false;
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
    cards.begin();
    charts.begin(before);
  }

  function event(t, { text, weight }) {
    const offset = state.run.origin === null ? '' : `+${state.seconds(t).toFixed(1)}`;
    const list = $('events');
    step = text;
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

  function drawPhases() {
    const { begin, phases, over, verdict, lastT, origin } = state.run;
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
    const dead = stream.pulse?.state === 'INTERRUPTED' && !verdict;
    const shown = verdict || (dead ? 'INTERRUPTED' : null);
    root.dataset.verdict = shown ? shown.toLowerCase().replaceAll(' ', '-') : '';
    if (shown) {
      put($('phase'), `${SIGNS[shown] || ''} ${shown}`);
      put($('left'), phases.length > 0 ? `${length(lastT - origin)} of load` : '');
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
      put($('left'), step);
    }
  }

  function drawFaults() {
    const shown = [...state.run.faults.values()].filter((f) => f.state !== 'healed');
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

  function drawLink() {
    const { pulse } = stream;
    const { verdict } = state.run;
    const over = verdict || (pulse && pulse.state !== 'RUNNING');
    const trouble = (pulse?.problem && `the record cannot be read: ${pulse.problem}`) || stream.trouble('this run');
    put($('link'), trouble || (over ? 'finished record' : 'live'));
    $('state').dataset.link = trouble ? 'lost' : over ? 'over' : 'live';
    const button = $('abort');
    button.hidden = !(token && pulse && pulse.state === 'RUNNING' && !verdict);
    button.disabled = aborting;
    put(button, aborting ? 'Ending …' : 'Abort …');
  }

  const soon = dom.frames(draw);
  function draw() {
    const shown = fresh;
    const parts = state.takeChanged();
    fresh = [];
    drawLink();
    if (state.run.begin) {
      drawPhases();
      drawFaults();
      if (parts.has('charts')) charts.draw();
      if (parts.has('cards')) cards.draw();
      lists.draw(parts);
    }
    // In the next frame the browser has painted this one.
    if (shown.length > 0) requestAnimationFrame(() => dispatchEvent(new CustomEvent('drawn', { detail: shown })));
  }
  function drawAll() {
    state.changeAll();
    soon();
  }

  /* ---- acts and keys ---- */

  const sure = $('sure');
  function askAbort() {
    if ($('abort').hidden || aborting) return;
    put($('refused'), '');
    sure.showModal();
    $('keep').focus();
  }
  async function abort() {
    $('yes').disabled = true;
    try {
      await dom.order('/abort');
      aborting = true;
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

  const far = projector($('projector'), drawAll);
  addEventListener('keydown', (e) => {
    if (e.ctrlKey || e.altKey || e.metaKey || sure.open) return;
    if (e.key === 'p') far.toggle();
    else if (e.key === 'a') askAbort();
    else if (e.key === 'c') $('charts').focus();
    else return;
    e.preventDefault();
  });

  dom.onSize(drawAll);
  const stream = openStream({ address: '/events', take, changed: soon });
  // Time goes on without messages.
  setInterval(() => {
    if (state.run.begin) {
      drawPhases();
      drawFaults();
    }
    drawLink();
  }, 250);
})();
