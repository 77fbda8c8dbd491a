/* The page of a walk: the connection to its server, the question about the step that is next, the answers, and the end. */
(() => {
  'use strict';
  const { $, put, order, frames } = dom;
  /* So long after a question has come, a key or a click is not yet an answer to it: it was meant for the question before.
     Milliseconds. */
  const SETTLE_MS = 500;
  let walk = null;
  let sections = '';
  /* The question that is shown: a text that tells one from the next. */
  let question = '';
  let since = 0;
  /* An answer is on its way. */
  let sent = false;
  let refusal = '';
  const soon = frames(draw);

  const stream = openStream({
    address: '/stream',
    source: fetchSource,
    take: () => undefined,
    hear: {
      sections(next) {
        // A server that was connected again sends the same text.
        if (sections === JSON.stringify(next)) return;
        sections = JSON.stringify(next);
        walkSteps.begin(next);
      },
      walk(next) {
        walk = next;
        sent = false;
        refusal = '';
        settle();
      },
    },
    changed: soon,
  });

  const asked = () => walk?.steps.find(({ stage }) => stage === 'asked');
  const working = () => walk?.steps.find(({ stage }) => stage === 'at work');
  const ready = () => !sent && asked() !== undefined && performance.now() - since >= SETTLE_MS;

  /* A new question needs a moment before it can be answered. */
  function settle() {
    const step = asked();
    const next = step === undefined ? '' : JSON.stringify([step.name, step.said]);
    if (next === question) return;
    const first = question === '' && !working() && walk.steps.every(({ said }) => said === null);
    question = next;
    since = performance.now();
    setTimeout(() => soon(), SETTLE_MS);
    if (step !== undefined && !first) requestAnimationFrame(() => walkSteps.show(step.name));
  }

  /* ---- what is seen ---- */

  const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);

  function draw() {
    drawLink();
    put($('notice'), refusal);
    if (walk === null) return;
    const { title, runbook, acts, steps, summary } = walk;
    put($('kicker'), `Runbook ${runbook}`);
    put($('title'), title);
    put($('mode'), acts ? 'commands are carried out' : 'dry: nothing is touched');
    $('mode').dataset.acts = String(acts);
    $('end').hidden = summary !== null;
    walkSteps.draw(steps);
    drawDock();
    drawSummary(summary);
    announce();
  }

  function drawLink() {
    const trouble = stream.trouble('this walk');
    const over = walk?.summary;
    put($('link'), over ? 'the walk is over' : trouble || 'live');
    $('state').dataset.link = over ? 'over' : trouble ? 'lost' : 'live';
  }

  function drawDock() {
    const { steps, summary } = walk;
    const step = asked() ?? working();
    $('dock').hidden = step === undefined || summary !== null;
    if (step === undefined) return;
    const number = steps.indexOf(step) + 1;
    put($('dock-title'), `Step ${number} of ${steps.length}: ${step.name}`);
    put($('dock-facts'), walkSteps.factsOf(step));
    put($('dock-command'), step.run);
    $('dock').dataset.changes = String(step.changes);
    put($('question'), step.question ? capital(step.question.text) : 'At work …');
    if (step.question) {
      put($('yes-text'), capital(step.question.yes));
      put($('no-text'), capital(step.question.no));
    }
    // A button that is disabled would lose the focus of who works with the keyboard.
    for (const id of ['yes', 'no']) $(id).setAttribute('aria-disabled', String(!ready()));
    document.title = `${number} of ${steps.length}: ${walk.title}`;
  }

  function drawSummary(summary) {
    if (summary === null) {
      $('summary').hidden = true;
      return;
    }
    const first = $('summary').hidden;
    $('summary').hidden = false;
    $('summary').dataset.tone = summary.tone;
    put($('headline'), summary.headline);
    put($('counts'), `${capital(summary.counts)}.`);
    document.title = `Over: ${walk.title}`;
    if (!first) return;
    if ($('sure').open) $('sure').close();
    $('summary').focus();
  }

  /* What is read aloud: what became of the last step, and the next question. */
  function announce() {
    const { steps, summary } = walk;
    const step = asked() ?? working();
    const before = steps.slice(0, step === undefined ? steps.length : steps.indexOf(step) + 1);
    const last = before.findLast(({ stage, said }) => said !== null || ['skipped', 'shown'].includes(stage));
    const parts = last === undefined ? [] : [`${last.name}: ${walkSteps.resultOf(last)}.`];
    if (summary !== null) parts.push(`${summary.headline} ${summary.counts}.`);
    else if (step !== undefined)
      parts.push(`${$('dock-title').textContent}, ${step.where}, ${step.does}. ${$('question').textContent}`);
    put($('said'), parts.join(' '));
  }

  /* ---- what the person does ---- */

  async function give(address, body) {
    sent = true;
    refusal = '';
    soon();
    try {
      await order(address, body);
    } catch (error) {
      sent = false;
      refusal =
        error.status === undefined
          ? 'The server does not answer. Nothing was sent: press again.'
          : capital(error.message);
      soon();
    }
  }
  function decide(decision) {
    if (ready()) void give('/decisions', { decision, step: asked().name });
  }

  const sure = $('sure');
  function askEnd() {
    if (walk === null || walk.summary !== null) return;
    const left = walk.steps.filter(({ stage }) => ['to come', 'asked', 'at work'].includes(stage)).length;
    put(
      $('sure-left'),
      `${left} of ${walk.steps.length} steps are not over. A command at work comes to its end first.`,
    );
    sure.showModal();
    $('keep').focus();
  }
  function end() {
    sure.close();
    void give('/end');
  }
  $('yes').addEventListener('click', () => decide('do'));
  $('no').addEventListener('click', () => decide('skip'));
  $('end').addEventListener('click', askEnd);
  $('keep').addEventListener('click', () => sure.close());
  $('sure-end').addEventListener('click', end);

  const KEYS = { y: () => decide('do'), s: () => decide('skip'), q: askEnd };
  addEventListener('keydown', (e) => {
    // A key that is held down on a button would answer one question after another.
    if (e.repeat && e.target.closest?.('button')) e.preventDefault();
    if (e.ctrlKey || e.altKey || e.metaKey || e.repeat || sure.open) return;
    const act = Object.hasOwn(KEYS, e.key) ? KEYS[e.key] : undefined;
    if (act === undefined) return;
    e.preventDefault();
    act();
  });

  // A connection that is lost is noticed without a message.
  setInterval(() => soon(), 1000);
})();
