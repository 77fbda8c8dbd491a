/* The lists beside the charts: what the services do, and what the alerts say. A page may have one of them alone. */
globalThis.runLists = (state, places) => {
  'use strict';
  const { services, alerts } = places;
  const { element, list } = dom;
  const LOOKS = { up: '✓', degraded: '!', down: '✗', unknown: '?' };
  const URGENT = ['firing', 'pending'];

  function drawServices() {
    const nodes = [...state.run.services.values()].map((s) => {
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
    list(services, nodes, 'No service yet.');
  }

  function drawAlerts() {
    const { run } = state;
    const rank = ({ state: is }) => (URGENT.indexOf(is) + URGENT.length + 1) % (URGENT.length + 1);
    const shown = [...run.alerts.values()].sort((a, b) => rank(a) - rank(b) || b.since - a.since);
    const time = (t) => drawing.time(Math.max(0, state.seconds(t)), state.reach(), state.reach());
    const nodes = shown.map((a) => {
      const since = run.origin === null ? '' : `since ${time(a.since)}`;
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
    list(alerts, nodes, 'No alert in this record.');
  }

  return {
    draw(parts) {
      if (services && parts.has('services')) drawServices();
      if (alerts && parts.has('alerts')) drawAlerts();
    },
  };
};
