/* What the pages of a game day say, from the day as its reader may see it (core/gameday/visible.ts) and the present moment
   by the server's clock. Nothing here draws, and nothing here knows more than the server sent. */
globalThis.gamedayModel = (() => {
  'use strict';
  const MARKS = {
    alert: 'First alert',
    seen: 'First “I see it”',
    understood: 'Understood',
    mitigated: 'Mitigated',
    healthy: 'Healthy again',
  };
  const PRESSED = { seen: 'I see it', understood: 'I understand it', mitigated: 'Mitigated' };
  const TAGS = {
    observation: { key: 'o', sign: 'O' },
    decision: { key: 'd', sign: 'D' },
    action: { key: 'a', sign: 'A' },
    surprise: { key: 's', sign: 'S' },
    moment: { key: '!', sign: '!' },
  };
  const STAGES = { opened: 'not begun', running: 'running', paused: 'PAUSED', closed: 'over' };
  /* The column of a board on which an inject would hang. */
  const COLUMNS = {
    'to come': 'to come',
    armed: 'armed',
    ready: 'armed',
    ordered: 'armed',
    'in force': 'in force',
    ending: 'recovering',
    done: 'done',
    skipped: 'skipped',
    aborted: 'aborted',
    broken: 'aborted',
  };
  const AT_WORK = ['armed', 'ready', 'ordered', 'in force', 'ending'];

  const two = (n) => String(n).padStart(2, '0');
  /* "4:07", "1:04:07" */
  function clock(ms) {
    const s = Math.max(0, Math.floor(ms / 1000));
    const minutes = Math.floor(s / 60);
    return minutes < 60
      ? `${minutes}:${two(s % 60)}`
      : `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${two(s % 60)}`;
  }
  /* "45 s", "2 min", "2:30 min" */
  const promised = (ms) =>
    ms < 60_000 ? `${Math.round(ms / 1000)} s` : ms % 60_000 === 0 ? `${ms / 60_000} min` : `${clock(ms)} min`;

  const pausedMs = ({ pauses }, from, to) =>
    pauses.reduce((sum, p) => sum + Math.max(0, Math.min(to, p.to ?? to) - Math.max(from, p.from)), 0);

  /* The clock of the day stands still in a pause. */
  function elapsed(day, now) {
    if (day.begun === null) return null;
    const end = day.closed ?? now;
    return end - day.begun - pausedMs(day, day.begun, end);
  }
  /* A moment on the clock of the day. Before the day begins there is none. */
  const at = (day, t) => {
    const ms = elapsed({ ...day, closed: null }, t);
    return ms === null || ms < 0 ? '–' : clock(ms);
  };

  function header(day, now) {
    const ms = elapsed(day, now);
    return {
      title: day.title,
      clock: ms === null ? '–' : clock(ms),
      of: `of ${clock(day.length_ms)}`,
      over: ms !== null && ms > day.length_ms,
      stage: STAGES[day.stage],
    };
  }

  const injectAtWork = (day) => day.injects.find(({ id }) => id === day.at_work) ?? null;
  const number = (day, inject) => day.injects.indexOf(inject) + 1;

  /* One line of the agenda for each inject. A hidden inject has its place and nothing else. */
  const agenda = (day) =>
    day.injects.map((inject, i) => {
      if (inject.hidden) return { id: inject.id, number: i + 1, text: 'hidden', stage: '', column: 'hidden' };
      const result = inject.verdict && COLUMNS[inject.stage] !== 'in force' ? inject.verdict : '';
      return {
        id: inject.id,
        number: i + 1,
        text: inject.name,
        stage: result || inject.stage,
        column: COLUMNS[inject.stage],
        hidden: inject.shown !== 'announced' && !inject.revealed,
      };
    });

  /* How an inject stands: since when, and how long still. */
  function present(day, inject, now) {
    if (inject === null || inject.hidden) return null;
    const { stage, injected, due, armed } = inject;
    const since = injected ?? armed;
    return {
      number: number(day, inject),
      count: day.injects.length,
      name: inject.name,
      title: inject.title,
      stage,
      column: COLUMNS[stage],
      since: AT_WORK.includes(stage) && since !== null ? clock(now - since) : '',
      left: due === null ? '' : `${clock(due - now)} left`,
    };
  }

  /* The five moments of an inject: machines and people side by side, beside what was expected. A moment that has not come
     yet counts on while the inject is at work. */
  function marks(day, inject, now) {
    const running = AT_WORK.includes(inject.stage) && inject.injected !== null;
    return inject.times.map(({ mark, of, countedMs, expectedMs, inTime, what }) => {
      const so_far = running
        ? now - inject.injected - (of === 'people' ? pausedMs(day, inject.injected, now) : 0)
        : null;
      const came = countedMs !== null;
      const late = !came && expectedMs !== null && (so_far === null ? inject.injected !== null : so_far > expectedMs);
      const tone = came ? (inTime === null ? 'calm' : inTime ? 'good' : 'bad') : late ? 'bad' : 'waiting';
      return {
        mark,
        of,
        label: MARKS[mark],
        time: came
          ? mark === 'healthy' && countedMs === 0
            ? 'never felt'
            : clock(countedMs)
          : so_far === null
            ? '–'
            : clock(so_far),
        came,
        tone,
        expected: expectedMs === null ? 'nothing expected' : `expected: ${promised(expectedMs)}`,
        what: what ?? '',
      };
    });
  }

  /* The last state of each alert: what fires first, what is over last. */
  function alerts(day) {
    const known = new Map();
    for (const { name, labels, state, at: t } of day.alerts) {
      const key = JSON.stringify([name, Object.entries(labels).toSorted(([a], [b]) => (a < b ? -1 : 1))]);
      const before = known.get(key) ?? { name, labels, state: 'pending', since: t, delivered: false };
      if (state === 'delivered') known.set(key, { ...before, delivered: true });
      else
        known.set(key, {
          ...before,
          state,
          since: before.state === state ? before.since : t,
          delivered: before.delivered && state === 'firing',
        });
    }
    const rank = ['firing', 'pending', 'resolved'];
    return [...known.values()].sort((a, b) => rank.indexOf(a.state) - rank.indexOf(b.state) || b.since - a.since);
  }

  /* The runbooks: first those that an alert leads to which fires now. */
  function runbooks(day) {
    const firing = new Set(alerts(day).flatMap(({ name, state }) => (state === 'firing' ? [name] : [])));
    return day.runbooks
      .map((one) => ({ ...one, called: one.alerts.some((name) => firing.has(name)) }))
      .sort((a, b) => Number(b.called) - Number(a.called) || (a.title < b.title ? -1 : 1));
  }

  const notes = (day) => day.notes.toSorted((a, b) => b.at - a.at);
  const unwritten = (day) => day.notes.filter(({ text }) => text === null).length;

  /* Everything that the reader may know, the newest first. */
  function log(day) {
    const lines = [
      ...day.notes.map(({ at: t, tag, text, by }) => ({
        t,
        text: `${TAGS[tag].sign} ${text ?? `${tag}, text to come`}`,
        who: by?.who ?? '',
        weight: tag === 'moment' || tag === 'surprise' ? 'strong' : '',
      })),
      ...day.presses.map(({ at: t, mark, by }) => ({
        t,
        text: `“${PRESSED[mark]}”`,
        who: by?.who ?? '',
        weight: 'strong',
      })),
      ...day.alerts.map(({ at: t, name, state }) => ({
        t,
        text: `${name} ${state}`,
        who: '',
        weight: state === 'firing' ? 'bad' : state === 'resolved' ? 'good' : '',
      })),
      ...day.aborts.map(({ t, why, by }) => ({
        t,
        text: why === '' ? 'aborted' : `aborted: ${why}`,
        who: by?.who ?? '',
        weight: 'bad',
      })),
      ...day.pauses.flatMap(({ from, to }) => [
        { t: from, text: 'paused', who: '', weight: '' },
        ...(to === undefined ? [] : [{ t: to, text: 'resumed', who: '', weight: '' }]),
      ]),
      ...day.injects.flatMap((inject, i) => {
        if (inject.hidden) return [];
        const moment = (t, text, weight) =>
          t === null ? [] : [{ t, text: `${i + 1}. ${inject.name}: ${text}`, who: '', weight }];
        return [
          ...moment(inject.armed, 'armed', ''),
          ...moment(inject.injected, 'in force', 'bad'),
          ...moment(inject.healed, 'taken back', 'good'),
        ];
      }),
    ];
    return lines.toSorted((a, b) => b.t - a.t).map((line) => ({ ...line, time: at(day, line.t) }));
  }

  /* What everybody must know first. Empty when all is well. */
  function notice(day, { refusal, unheard }) {
    if (refusal !== '') return { text: refusal, tone: 'bad' };
    if (unheard > 0) {
      const acts = unheard === 1 ? '1 act is' : `${unheard} acts are`;
      return { text: `The server does not answer. ${acts} kept, and sent again until it does.`, tone: 'warn' };
    }
    if (day.lost?.stage === 'asked')
      return { text: 'Where is the facilitator? Without a sign of life, everything is taken back soon.', tone: 'bad' };
    if (day.lost) return { text: 'The facilitator was lost: the game day was aborted, and is paused.', tone: 'bad' };
    if (day.stage !== 'paused') return { text: '', tone: '' };
    const since = day.pauses.at(-1)?.from ?? 0;
    const abort = day.aborts.findLast(({ t }) => t >= since);
    const why = abort?.why ? `Aborted: ${abort.why}. ` : abort ? 'Aborted. ' : '';
    return { text: `${why}The game day is paused until the facilitator goes on.`, tone: 'warn' };
  }
  const mayAbort = ({ stage }) => stage !== 'closed';

  /* What a board says in large letters, and the inject whose moments it shows. */
  function onBoard(day, now) {
    const inject = injectAtWork(day);
    const shown = present(day, inject, now);
    if (shown !== null) {
      const times = [shown.stage, shown.since, shown.left].filter((text) => text !== '').join(' · ');
      return {
        inject,
        headline: `${shown.number} of ${shown.count}: ${shown.name}`,
        detail: `${times} — ${shown.title}`,
      };
    }
    // The moments of the last inject stay until the next one is known.
    const last = day.injects
      .filter(({ hidden, injected }) => !hidden && injected !== null)
      .toSorted((a, b) => a.injected - b.injected)
      .at(-1);
    const recap =
      last === undefined ? '' : `Below: ${number(day, last)}. ${last.name}${last.verdict ? `, ${last.verdict}` : ''}`;
    const headline = {
      opened: 'Not begun yet',
      running: 'Watch the system',
      paused: 'Paused',
      closed: 'The game day is over',
    }[day.stage];
    const detail = day.stage === 'running' && recap === '' ? 'Who sees something, says so.' : recap;
    return { inject: last ?? null, headline, detail };
  }

  /* What stands below each of a responder's buttons: when it was pressed last, and by whom. */
  const pressed = (day) =>
    Object.fromEntries(
      Object.keys(PRESSED).map((mark) => {
        const last = day.presses.findLast((one) => one.mark === mark);
        return [mark, last === undefined ? '' : `last at ${at(day, last.at)}${last.by ? ` by ${last.by.who}` : ''}`];
      }),
    );

  return {
    MARKS,
    PRESSED,
    TAGS,
    AT_WORK,
    clock,
    promised,
    at,
    header,
    agenda,
    injectAtWork,
    present,
    marks,
    alerts,
    runbooks,
    notes,
    unwritten,
    log,
    notice,
    mayAbort,
    onBoard,
    pressed,
  };
})();
