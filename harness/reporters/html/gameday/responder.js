/* The responder's page: what a person on call has at night, and three buttons. It never gets what is hidden: the server
   does not send it. */
(() => {
  'use strict';
  const { $, element, put, token } = dom;
  const model = gamedayModel;
  const KEYS = { 1: 'seen', 2: 'understood', 3: 'mitigated' };
  let open = null;

  const lists = () => runLists(page.state, { services: $('services') });
  let services = null;

  function press(mark) {
    page.give(mark, {}, true);
    const button = document.querySelector(`button[data-mark="${mark}"]`);
    button.dataset.pressed = 'now';
    setTimeout(() => delete button.dataset.pressed, 1500);
    put($('said'), `You said: ${model.PRESSED[mark]}`);
  }
  for (const button of document.querySelectorAll('button[data-mark]'))
    button.addEventListener('click', () => press(button.dataset.mark));

  /* ---- runbooks ---- */

  async function read(name, title) {
    open = name;
    put($('runbook-title'), title);
    const place = $('runbook-text');
    place.replaceChildren(element('p', { textContent: 'Loading …' }));
    $('runbook').showModal();
    $('runbook-close').focus();
    try {
      const answer = await fetch(`/runbook?name=${encodeURIComponent(name)}`, {
        headers: { 'X-Chaos-Token': token ?? '' },
      });
      if (!answer.ok) throw new Error(`the server answered ${answer.status}`);
      const text = await answer.text();
      if (open === name) place.replaceChildren(...drawMarkdown(text));
    } catch (error) {
      place.replaceChildren(element('p', { className: 'bad', textContent: `It cannot be read: ${error.message}.` }));
    }
  }
  $('runbook-close').addEventListener('click', () => $('runbook').close());

  function drawRunbooks(day) {
    const shown = model.runbooks(day);
    gamedayLists.refill($('runbooks'), shown.length === 0 ? [null] : shown, (one) => {
      if (one === null) return element('li', { className: 'empty', textContent: 'This game day lists no runbook.' });
      const button = element('button', { type: 'button', textContent: one.title });
      button.addEventListener('click', () => void read(one.name, one.title));
      const note = one.called
        ? `for ${one.alerts.join(', ')}, firing now`
        : one.alerts.length > 0
          ? `for ${one.alerts.join(', ')}`
          : '';
      return element(
        'li',
        { dataset: { called: String(one.called) } },
        button,
        element('small', { textContent: note }),
      );
    });
  }

  const page = openDay({
    keys: {
      ...Object.fromEntries(Object.entries(KEYS).map(([key, mark]) => [key, () => press(mark)])),
      r: () => $('runbooks').querySelector('button')?.focus(),
    },
    draw(day, t) {
      gamedayLists.alerts($('alerts'), model.alerts(day), (at) => model.at(day, at));
      drawRunbooks(day);
      for (const [mark, text] of Object.entries(model.pressed(day))) put($(`${mark}-last`), text);
      const inject = model.injectAtWork(day);
      const shown = inject && !inject.hidden ? inject : null;
      $('known').hidden = shown === null;
      if (shown) {
        put($('known-title'), `${shown.name}: ${shown.title}`);
        gamedayLists.marks($('marks'), model.marks(day, shown, t));
      }
      services ??= lists();
      services.draw(page.changedParts());
    },
  });
})();
