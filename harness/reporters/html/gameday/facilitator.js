/* The facilitator's page: the agenda, the inject at work, and every act about it. */
(() => {
  'use strict';
  const { $, element, put, token } = dom;
  const model = gamedayModel;
  const directing = gamedayDirecting;
  const EXTEND_MS = 120_000;
  let chosen = null;
  /* The inject that was at work when the page was drawn last. */
  let before = null;

  const inject = () => directing.chosen(page.current(), chosen);
  const about = (act) => () => page.give(act, { inject: inject().id });
  const asked = (act, texts) => () =>
    page.ask(texts, (why) => page.give(act, { ...(act === 'skip' && { inject: inject().id }), why }));

  /* The acts in the order of a day, each with its key. */
  const ACTS = {
    preflight: { key: 'f', text: 'Check', act: () => page.give('preflight') },
    begin: { key: 'b', text: 'Begin', act: begin },
    arm: { key: 'a', text: 'Arm', act: about('arm') },
    disarm: { key: 'u', text: 'Disarm', act: about('disarm') },
    inject: { key: 'i', text: 'Inject', act: about('inject') },
    extend: {
      key: 'e',
      text: 'Extend by 2 min',
      act: extend,
    },
    end: { key: 'h', text: 'Heal now', act: about('end') },
    reveal: { key: 'r', text: 'Reveal', act: about('reveal') },
    skip: {
      key: 's',
      text: 'Skip …',
      act: asked('skip', { title: 'Skip this inject?', yes: 'Skip', why: 'no time is left' }),
    },
    pause: {
      key: 'z',
      text: 'Pause …',
      act: asked('pause', {
        title: 'Pause the game day?',
        note: 'The clock stands still. A failure in force stays.',
        yes: 'Pause',
        why: 'a break',
      }),
    },
    resume: { key: 'g', text: 'Resume', act: () => page.give('resume') },
    close: {
      key: 'q',
      text: 'Close …',
      act: () =>
        page.ask(
          { title: 'Close the game day?', note: 'Its report is written. It cannot be opened again.', yes: 'Close' },
          () => page.give('close'),
        ),
    },
  };

  /* By two minutes, or by what is left of the longest time. */
  function extend() {
    const { id, box_ms: box, extended_ms: extended, most_ms: most } = inject();
    page.give('extend', { inject: id, ms: Math.min(EXTEND_MS, most - box - extended) });
  }

  function begin() {
    const { preflight } = page.current();
    if (preflight?.ok) return page.give('begin');
    const note = preflight ? 'A prerequisite does not hold.' : 'The prerequisites were not checked.';
    page.ask({ title: 'Begin all the same?', note, yes: 'Begin', why: '' }, (why) =>
      page.give('begin', { despite: why }),
    );
  }

  const buttons = new Map(
    Object.entries(ACTS).map(([name, { key, text, act }]) => {
      const button = element(
        'button',
        { type: 'button', dataset: { act: name }, attributes: { 'aria-keyshortcuts': key } },
        element('kbd', { textContent: key, attributes: { 'aria-hidden': 'true' } }),
        element('span', { textContent: text }),
      );
      button.addEventListener('click', () => {
        if (!button.disabled) act();
      });
      return [name, button];
    }),
  );
  $('buttons').append(...buttons.values());

  const keys = Object.fromEntries(
    Object.entries(ACTS).map(([name, { key }]) => [key, () => buttons.get(name).click()]),
  );
  function move(by) {
    const { injects } = page.current();
    const at = injects.findIndex(({ id }) => id === inject()?.id);
    chosen = injects[Math.max(0, Math.min(injects.length - 1, at + by))].id;
    page.soon();
  }

  function drawInject(day, one, t) {
    const shown = model.present(day, one, t);
    put($('inject-title'), shown === null ? 'No inject' : `${shown.number} of ${shown.count}: ${shown.name}`);
    put($('inject-stage'), shown?.stage ?? '');
    $('inject-stage').dataset.column = shown?.column ?? '';
    put($('inject-times'), [shown?.since, shown?.left].filter(Boolean).join(' · '));
    put($('inject-what'), one === null ? '' : one.title);
    const { expect = null } = one ?? {};
    const told =
      one === null
        ? []
        : [
            ['Failure', one.faults.join(', ')],
            ['Shown', one.revealed && one.shown !== 'announced' ? `${one.shown}, revealed` : one.shown],
            ['Time', `${model.promised(one.box_ms + one.extended_ms)}, at most ${model.promised(one.most_ms)}`],
            ['Alert', expect.alert ?? 'none expected'],
            ['Person', expect.person],
            ['Runbook', expect.runbook ?? 'there is none'],
            [
              'Result',
              [one.verdict, one.restored === false ? 'NOT RESTORED' : '', one.why].filter(Boolean).join(' · '),
            ],
            ['Brief', one.brief],
          ].filter(([, text]) => text);
    gamedayLists.refill($('inject-facts'), told, ([name, text]) =>
      element('div', {}, element('dt', { textContent: name }), element('dd', { textContent: text })),
    );
    gamedayLists.marks($('marks'), one === null ? [] : model.marks(day, one, t));
  }

  const LOOKING = { name: 'looking', ok: null, said: 'The sound system is measured for some seconds.' };
  const CHECKED = { true: '✓', false: '✗', null: '?' };
  function drawSide(day, one) {
    gamedayLists.agenda($('agenda'), model.agenda(day));
    for (const li of $('agenda').children) {
      if (li.dataset.id === one?.id) li.setAttribute('aria-current', 'true');
      else li.removeAttribute('aria-current');
    }
    const looks = day.looking ? [LOOKING] : (day.preflight?.checks ?? [null]);
    gamedayLists.refill($('preflight'), looks, (check) =>
      check === null
        ? element('li', { className: 'empty', textContent: 'Not checked yet: press f.' })
        : element(
            'li',
            { dataset: { ok: String(check.ok) } },
            element('span', {
              className: 'sign',
              attributes: { 'aria-hidden': 'true' },
              textContent: CHECKED[check.ok],
            }),
            element('b', { textContent: check.name }),
            element('span', {
              className: 'hidden',
              textContent: check.ok ? ': yes' : check.ok === false ? ': no' : ': not known',
            }),
            element('small', { textContent: check.said }),
          ),
    );
    gamedayLists.refill($('people'), directing.people(day), ({ role, there, missing }) =>
      element(
        'li',
        {},
        element('b', { textContent: role }),
        element('small', {
          textContent:
            [there.join(', '), missing.length > 0 ? `missing: ${missing.join(', ')}` : '']
              .filter(Boolean)
              .join(' · ') || 'nobody yet',
        }),
      ),
    );
    const criteria = [
      ...day.abort.people.map((text) => ['people', text]),
      ...day.abort.machines.map((text) => ['harness', text]),
    ];
    put($('stop-owner'), `${day.abort.owner} says the word: x, or \`chaos abort\` in any terminal.`);
    gamedayLists.refill($('criteria'), criteria, ([by, text]) =>
      element('li', {}, text, element('small', { textContent: by })),
    );
    gamedayLists.refill($('retests'), day.retests.length === 0 ? [null] : day.retests, (finding) =>
      finding === null
        ? element('li', { className: 'empty', textContent: 'Nothing of an earlier game day.' })
        : element('li', {}, finding.what, element('small', { textContent: `found on ${finding.from}` })),
    );
    gamedayLists.log($('log'), model.log(day), 100);
  }

  async function readSheet() {
    const answer = await fetch('/sheet', { headers: { 'X-Chaos-Token': token ?? '' } }).catch(() => null);
    if (!answer?.ok) return;
    $('sheet-text').replaceChildren(...drawMarkdown(await answer.text()));
    $('sheet').hidden = false;
  }
  void readSheet();

  $('agenda').addEventListener('click', (e) => {
    chosen = e.target.closest('li')?.dataset.id ?? chosen;
    page.soon();
  });

  const page = openDay({
    keys: { ...keys, ArrowUp: () => move(-1), ArrowDown: () => move(1) },
    draw(day, t) {
      chosen = directing.remembered(day, chosen, before);
      before = day.at_work;
      const one = directing.chosen(day, chosen);
      const may = directing.possible(day, one);
      for (const [name, button] of buttons) {
        button.disabled = !may[name];
        // What is next stands out.
        button.classList.toggle('next', may[name] && name === directing.next(day, one));
      }
      drawInject(day, one, t);
      drawSide(day, one);
    },
  });
})();
