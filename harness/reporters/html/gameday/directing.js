/* What a facilitator may do now, and what the acts are about. Nothing here draws. */
globalThis.gamedayDirecting = (() => {
  'use strict';
  const { AT_WORK, injectAtWork } = gamedayModel;
  const MAY_BE_ARMED = ['to come', 'skipped', 'aborted', 'broken'];

  /* What a facilitator may do now with an inject. `inject`: the inject at work, or the chosen one. */
  function possible(day, inject) {
    const idle = !day.looking && !day.injects.some(({ hidden, stage }) => !hidden && AT_WORK.includes(stage));
    const running = day.stage === 'running';
    const open = day.stage !== 'closed';
    const is = (...stages) => inject !== null && stages.includes(inject.stage);
    return {
      preflight: open && idle,
      begin: day.stage === 'opened' && !day.looking,
      arm: running && idle && is(...MAY_BE_ARMED),
      disarm: is('armed', 'ready'),
      inject: running && is('ready'),
      extend: is('in force') && inject.box_ms + inject.extended_ms < inject.most_ms,
      end: is('in force'),
      skip: open && is('to come', 'aborted', 'broken'),
      reveal: inject !== null && inject.shown !== 'announced' && !inject.revealed,
      pause: running,
      resume: day.stage === 'paused',
      abort: open,
      close: open && idle,
    };
  }

  /* The act that a facilitator most probably does next; null when there is nothing but to wait. */
  function next(day, inject) {
    const may = possible(day, inject);
    if (day.looking) return null;
    if (day.stage === 'opened') return day.preflight?.ok ? 'begin' : 'preflight';
    if (may.resume) return 'resume';
    if (may.inject) return 'inject';
    if (may.arm) return 'arm';
    return may.close ? 'close' : null;
  }

  /* The inject that a facilitator's keys are about: what is at work, else the chosen one, else the next. */
  function chosen(day, id) {
    const shown = day.injects.filter(({ hidden }) => !hidden);
    return (
      injectAtWork(day) ??
      shown.find((inject) => inject.id === id) ??
      shown.find(({ stage }) => stage === 'to come') ??
      shown.at(-1) ??
      null
    );
  }

  /* What stays chosen: an inject that was ended early may be armed again, and after one that is done comes the next.
     `before`: the inject that was at work a moment ago. */
  function remembered(day, id, before) {
    if (before === null || day.at_work === before) return id;
    const ended = day.injects.find((inject) => inject.id === before);
    return ['aborted', 'broken'].includes(ended?.stage) ? before : null;
  }

  /* Who was planned for a role, and who is there. */
  const people = (day) =>
    Object.entries(day.people).map(([role, planned]) => {
      const there = day.present.filter((one) => one.role === role).map(({ who }) => who);
      return { role, there, missing: planned.filter((who) => !there.includes(who)) };
    });

  return { possible, next, chosen, remembered, people };
})();
