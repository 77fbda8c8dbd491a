/* The scribe's page: a key for each kind of note. The time is the key's, and the text may come later. No mouse is needed. */
(() => {
  'use strict';
  const { $, element, put } = dom;
  const model = gamedayModel;
  /* The name of the note whose text is written, or that the arrow keys have reached. */
  let chosen = null;
  /* The action that the form changes; null for a new one. */
  let changing = null;

  function note(tag) {
    chosen = `n-${page.name()}`;
    page.give('note', { note: chosen, tag, text: null }, true);
    mine.set(chosen, { note: chosen, tag, at: performance.timeOrigin + performance.now(), text: null, by: null });
    draw();
    write();
  }
  /* Notes of this page whose answer has not come yet: they are shown at once. */
  const mine = new Map();

  /* Texts of this page that the server has not confirmed yet. */
  const texts = new Map();

  function notesOf(day) {
    for (const { note, text } of day.notes) {
      mine.delete(note);
      if (texts.get(note) === text) texts.delete(note);
    }
    const all = [...day.notes, ...mine.values()];
    return model.notes({ ...day, notes: all.map((one) => ({ ...one, text: texts.get(one.note) ?? one.text })) });
  }

  function draw(day = page.current()) {
    const shown = notesOf(day);
    if (chosen === null && shown.length > 0) chosen = shown[0].note;
    const lines = shown.map(({ note, tag, at, text }) => ({ note, tag, time: model.at(day, at), text }));
    const written = document.activeElement?.dataset?.note;
    if (written === undefined) gamedayLists.refill($('notes'), lines, line);
    else if (!lines.some(({ note }) => note === written)) $('notes').dataset.key = '';
    for (const li of $('notes').children) {
      if (li.dataset.note === chosen) li.setAttribute('aria-current', 'true');
      else li.removeAttribute('aria-current');
    }
    const open = model.unwritten(day);
    put($('unwritten'), open === 0 ? '' : `${open} without text: ↑ ↓ choose, Enter writes`);
    drawActions(day);
  }

  function line({ note, tag, time, text }) {
    const field = element('textarea', {
      rows: 1,
      value: text ?? '',
      maxLength: 4000,
      placeholder: `${tag}: what was it?`,
      dataset: { note },
      attributes: { 'aria-label': `${tag} at ${time}`, autocomplete: 'off' },
    });
    field.addEventListener('keydown', (e) => {
      if (e.key === 'Enter' || e.key === 'Escape') {
        e.preventDefault();
        field.blur();
      }
    });
    field.addEventListener('focus', () => {
      chosen = note;
    });
    field.addEventListener('blur', () => {
      const said = field.value.trim();
      if (said !== '' && said !== (text ?? '')) {
        page.give('text', { note, text: said });
        texts.set(note, said);
      }
      $('notes').dataset.key = '';
      page.soon();
    });
    return element(
      'li',
      { dataset: { note, tag } },
      element('kbd', { textContent: model.TAGS[tag].sign, title: tag }),
      element('time', { textContent: time }),
      field,
    );
  }

  const field = () => $('notes').querySelector(`[data-note="${chosen}"] textarea`);
  function write() {
    field()?.focus();
  }
  function move(by) {
    const all = [...$('notes').children].map((li) => li.dataset.note);
    const next = Math.max(0, Math.min(all.length - 1, all.indexOf(chosen) + by));
    chosen = all[next] ?? chosen;
    draw();
    $('notes').children[next]?.scrollIntoView({ block: 'nearest' });
  }

  /* ---- actions ---- */

  function drawActions(day) {
    gamedayLists.refill($('actions'), day.actions.length === 0 ? [null] : day.actions, (one) => {
      if (one === null) return element('li', { className: 'empty', textContent: 'No action yet.' });
      const { what, owner, due, experiment } = one;
      const change = element('button', { type: 'button', textContent: 'Change' });
      change.setAttribute('aria-label', `Change: ${what}`);
      change.addEventListener('click', () => openForm(one));
      const drop = element('button', { type: 'button', textContent: 'Drop' });
      drop.setAttribute('aria-label', `Drop: ${what}`);
      drop.addEventListener('click', () => page.give('drop', { action: one.action }));
      return element(
        'li',
        {},
        element('b', { textContent: what }),
        element('small', { textContent: `${owner} · by ${due} · ${experiment ?? 'no experiment shows it'}` }),
        element('span', { className: 'acts' }, change, drop),
      );
    });
  }

  const form = $('action');
  function openForm(one) {
    changing = one?.action ?? null;
    put($('action-title'), one ? 'Change an action' : 'A new action');
    $('action-what').value = one?.what ?? '';
    $('action-owner').value = one?.owner ?? '';
    $('action-due').value = one?.due ?? '';
    $('action-experiment').value = one?.experiment ?? '';
    form.showModal();
    $('action-what').focus();
  }
  $('action-no').addEventListener('click', () => form.close());
  form.addEventListener('submit', () => {
    page.give('action', {
      ...(changing && { action: changing }),
      what: $('action-what').value.trim(),
      owner: $('action-owner').value.trim(),
      due: $('action-due').value,
      experiment: $('action-experiment').value.trim() || null,
    });
  });

  for (const button of document.querySelectorAll('button[data-tag]'))
    button.addEventListener('click', () => note(button.dataset.tag));
  $('new-action').addEventListener('click', () => openForm(null));

  const page = openDay({
    keys: {
      ...Object.fromEntries(Object.entries(model.TAGS).map(([tag, { key }]) => [key, () => note(tag)])),
      n: () => openForm(null),
      ArrowUp: () => move(-1),
      ArrowDown: () => move(1),
      Enter: write,
    },
    draw,
    refused({ keys }) {
      mine.delete(keys.note);
      texts.delete(keys.note);
    },
  });
})();
