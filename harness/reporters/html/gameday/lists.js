/* The lists that several pages of a game day have. */
globalThis.gamedayLists = (() => {
  'use strict';
  const { element, put, list } = dom;
  const SIGNS = { good: '✓', bad: '✗', calm: '·', waiting: '…' };

  /* Fills a place again only when what it says has changed: what is focused or read aloud stays. */
  function refill(place, lines, make) {
    const key = JSON.stringify(lines);
    if (place.dataset.key === key) return false;
    place.dataset.key = key;
    place.replaceChildren(...lines.map(make));
    return true;
  }

  /* The five moments. Only their times change between two fillings. */
  function marks(place, shown) {
    const stable = shown.map(({ time: _time, ...rest }) => rest);
    refill(place, stable, ({ mark, of, label, came, tone, expected, what }) =>
      element(
        'li',
        { dataset: { mark, tone, of } },
        element('b', { textContent: label }),
        element(
          'p',
          { className: 'time' },
          element('span', { className: 'sign', attributes: { 'aria-hidden': 'true' }, textContent: SIGNS[tone] }),
          element('output', { attributes: { 'aria-live': 'off' } }),
          element('span', { className: 'hidden', textContent: came ? '' : ' and not yet' }),
        ),
        element('small', { textContent: `${of} · ${expected}` }),
        element('small', { className: 'what', textContent: what }),
      ),
    );
    shown.forEach(({ time }, i) => put(place.children[i].querySelector('output'), time));
  }

  const agenda = (place, lines, extra = () => []) =>
    refill(place, lines, (line) =>
      element(
        'li',
        { dataset: { column: line.column, id: line.id } },
        element('span', { className: 'number', textContent: String(line.number) }),
        element('b', { textContent: line.text }),
        element('small', {
          textContent: [line.stage, line.hidden ? 'hidden from others' : ''].filter(Boolean).join(' · '),
        }),
        ...extra(line),
      ),
    );

  const alerts = (place, shown, time) =>
    refill(place, shown.length === 0 ? [null] : shown.map((one) => ({ ...one, since: time(one.since) })), (one) =>
      one === null
        ? element('li', { className: 'empty', textContent: 'No alert.' })
        : element(
            'li',
            { dataset: { state: one.state } },
            element('b', { textContent: one.name }),
            ' ',
            element('span', { className: 'is', textContent: one.state }),
            element('small', {
              textContent: [
                one.labels.severity ?? '',
                one.state === 'resolved' ? `at ${one.since}` : `since ${one.since}`,
                one.delivered ? 'delivered' : '',
              ]
                .filter(Boolean)
                .join(' · '),
            }),
          ),
    );

  const log = (place, lines, most) =>
    refill(place, lines.slice(0, most), ({ time, text, who, weight }) =>
      element(
        'li',
        { className: weight },
        element('time', { textContent: time }),
        element('span', { textContent: text }, ...(who === '' ? [] : [element('small', { textContent: ` ${who}` })])),
      ),
    );

  return { refill, marks, agenda, alerts, log, list };
})();
