/* What the four pages of a game day share: the day from the server, the run beside it, who the person is, acts, and what
   everybody must know (a pause, a lost connection, a lost facilitator, an end). `view.draw(day, now)`: draws the page's own
   parts; it is called after each change and four times a second. `view.keys`: what each key does. */
globalThis.openDay = (view) => {
  'use strict';
  const { root, $, element, put } = dom;
  const model = gamedayModel;
  const role = document.body.dataset.role;
  /* A message that the page has shown for this long goes away, milliseconds. */
  const SHOWN_MS = 12_000;
  let day = null;
  let refusal = null;
  /* The parts of the run that have changed since the last frame. */
  let parts = new Set();
  const WHO = `chaos-who${location.pathname}`;
  let who = sessionStorage.getItem(WHO);

  const soon = dom.frames(draw);
  const orders = openOrders({
    who: () => who ?? role,
    changed: soon,
    refused(order, said) {
      refusal = { text: said, until: performance.now() + SHOWN_MS };
      view.refused?.(order);
      soon();
    },
  });
  const state = runState((_begin, before) => {
    charts?.begin(before);
    cards?.begin();
  });
  const charts = $('charts') && runCharts(state, { place: $('charts'), readout: $('readout') });
  const cards = $('cards') && runCards(state, $('cards'));
  const stream = openStream({
    address: '/stream',
    source: fetchSource,
    take: (update) => state.take(update),
    hear: {
      day(next) {
        day = next;
        if (role !== 'observer') introduce();
      },
      // The server asks, and does not trust a timer: browsers slow down the timers of pages in the background.
      ...(role === 'facilitator' && { pulse: () => void dom.order('/here').catch(() => undefined) }),
    },
    changed: soon,
  });
  const now = () => stream.now() ?? Date.now();

  function draw() {
    drawLink();
    if (day === null) return;
    const t = now();
    const { title, clock, of, over, stage } = model.header(day, t);
    put($('title'), title);
    put($('clock-time'), clock);
    put($('clock-of'), of);
    put($('stage'), stage);
    $('clock').dataset.over = String(over);
    root.dataset.stage = day.stage;
    document.title = `${title}: ${document.body.dataset.view}`;
    drawNotice();
    if ($('abort')) $('abort').hidden = !model.mayAbort(day);
    parts = state.takeChanged();
    if (state.run.begin) {
      if (parts.has('charts')) charts?.draw();
      if (parts.has('cards')) cards?.draw();
    }
    if ($('idle')) $('idle').hidden = state.run.begin !== null;
    view.draw(day, t);
    dispatchEvent(new CustomEvent('drawn', { detail: day }));
  }

  function drawLink() {
    const trouble = stream.trouble('this game day');
    put($('link'), trouble || 'live');
    $('state').dataset.link = trouble ? 'lost' : 'live';
  }

  function drawNotice() {
    if (refusal && refusal.until < performance.now()) refusal = null;
    const { text, tone } = model.notice(day, { refusal: refusal?.text ?? '', unheard: orders.unheard() });
    put($('notice'), text);
    $('notice').dataset.tone = tone;
  }

  /* ---- who the person is ---- */

  const dialog = $('name');
  function introduce() {
    if (who !== null) {
      const there = day.present.some((one) => one.role === role && one.who === who);
      if (!there && !orders.waits('join')) orders.give('join');
      return;
    }
    if (dialog.open) return;
    $('names').replaceChildren(...day.people[role].map((name) => element('option', { value: name })));
    if (day.people[role].length === 1) $('who').value = day.people[role][0];
    dialog.showModal();
  }
  dialog?.addEventListener('cancel', (e) => e.preventDefault());
  dialog?.addEventListener('submit', () => {
    who = $('who').value.trim() || role;
    sessionStorage.setItem(WHO, who);
    orders.give('join');
  });

  /* ---- questions before an act ---- */

  let answer = () => undefined;
  const question = $('ask');
  /* Asks for a reason, and calls when it was given. Enter gives it, Escape does not. */
  function ask(texts, then) {
    put($('ask-title'), texts.title);
    put($('ask-note'), texts.note ?? '');
    put($('ask-yes'), texts.yes);
    // A question without a reason is one that Enter alone must not answer.
    const reasoned = texts.why !== undefined;
    $('ask-reason').hidden = !reasoned;
    $('ask-why').required = reasoned;
    $('ask-why').value = texts.why ?? '';
    $('ask-yes').classList.toggle('danger', texts.tone === 'danger');
    answer = then;
    question.showModal();
    if (reasoned) $('ask-why').select();
    else $('ask-no').focus();
  }
  question?.addEventListener('submit', (e) => {
    if (e.submitter?.id === 'ask-no') return;
    answer($('ask-why').value.trim());
  });
  $('ask-no')?.addEventListener('click', () => question.close());
  function abort() {
    if (day === null || !model.mayAbort(day)) return;
    ask(
      {
        title: 'Abort now?',
        note: 'Every failure is taken back at once, and the game day is paused. Everybody may do this.',
        yes: 'Abort',
        why: 'somebody asked to stop',
        tone: 'danger',
      },
      (why) => orders.give('abort', { why }),
    );
  }
  $('abort')?.addEventListener('click', abort);

  /* ---- keys ---- */

  const writes = (node) => node.closest('input, textarea, select') !== null;
  addEventListener('keydown', (e) => {
    if (e.ctrlKey || e.altKey || e.metaKey || e.isComposing || document.querySelector('dialog[open]')) return;
    if (writes(e.target) || day === null) return;
    if ((e.key === 'Enter' || e.key === ' ') && e.target.closest('button, summary, a')) return;
    const own = {
      x: $('abort') ? abort : undefined,
      c: $('charts') ? () => $('charts').focus() : undefined,
      ...view.keys,
    };
    const act = own[e.key];
    if (act === undefined || e.repeat) return;
    e.preventDefault();
    act();
  });

  function drawAll() {
    state.changeAll();
    soon();
  }
  if ($('projector')) {
    const far = projector($('projector'), drawAll);
    view.keys = { ...view.keys, p: far.toggle };
  }
  dom.onSize(drawAll);
  // The charts get another size when something above them comes or goes.
  if ($('charts')) new ResizeObserver(drawAll).observe($('charts'));
  // Clocks go on without messages.
  setInterval(() => soon(), 250);

  return {
    role,
    give: orders.give,
    name: orders.name,
    ask,
    soon,
    current: () => day,
    who: () => who,
    state,
    changedParts: () => parts,
  };
};
