/* The text of a runbook with its steps in their places, and the list of the steps beside it. Nothing is drawn again that has
   not changed: what is focused or read aloud stays. */
globalThis.walkSteps = (() => {
  'use strict';
  const { $, element } = dom;
  const SIGNS = { 'to come': '·', asked: '▸', 'at work': '…', shown: '○', skipped: '–', good: '✓', bad: '✗' };
  let places = new Map();
  let drawn = new Map();

  const toneOf = ({ stage, said }) => (stage === 'done' && said ? (said.asExpected ? 'good' : 'bad') : stage);
  const isNow = ({ stage }) => stage === 'asked' || stage === 'at work';
  /* Before its command was carried out, there is nothing to say about a step that is to come or is asked about. */
  const isFresh = ({ stage, said }) => said === null && (stage === 'to come' || stage === 'asked');
  const seconds = (ms) => `${(ms / 1000).toFixed(1)} s`;
  const factsOf = ({ where, does, expects, timeoutMs }) =>
    `${where} · ${does} · ${expects} · ${seconds(timeoutMs)} at most`;

  /* What became of a step, in a few words. */
  function resultOf({ stage, said, where, does }) {
    if (stage === 'at work') return 'at work';
    if (stage === 'shown') return `dry: nothing was touched. It would run ${where}, and ${does}.`;
    if (said) return `${said.result} (${said.place ?? 'nowhere'}, ${seconds(said.ms)})`;
    return stage;
  }

  const stateOf = ({ stage, said }) => (stage === 'done' ? said.result : stage === 'asked' ? 'now' : stage);

  /* Fills the page with the text. Steps are drawn into their places later. */
  function begin(sections) {
    places = new Map();
    drawn = new Map();
    $('text').replaceChildren(
      ...sections.map(({ heading, blocks }, i) =>
        element(
          'section',
          { className: 'box', attributes: { 'aria-labelledby': `part-${i}` } },
          element('h2', { id: `part-${i}`, textContent: heading }),
          ...blocks.flatMap((block) => (block.command === undefined ? drawMarkdown(block.text) : [placeOf(block)])),
        ),
      ),
    );
  }

  function placeOf({ command }) {
    const place = element('article', { className: 'step', id: `step-${command}` });
    place.setAttribute('aria-labelledby', `name-${command}`);
    places.set(command, place);
    return place;
  }

  /* A block that may be wider than the page can be moved with the keyboard. */
  const block = (className, label, textContent) =>
    element('pre', { className, textContent, tabIndex: 0, attributes: { role: 'group', 'aria-label': label } });

  function drawStep(step, number) {
    const place = places.get(step.name);
    const tone = toneOf(step);
    place.dataset.tone = tone;
    if (isNow(step)) place.setAttribute('aria-current', 'step');
    else place.removeAttribute('aria-current');
    const sign = element('span', {
      className: 'sign',
      attributes: { 'aria-hidden': 'true' },
      textContent: SIGNS[tone],
    });
    place.replaceChildren(
      element('h3', { id: `name-${step.name}` }, sign, `${number}. ${step.name}`),
      element('p', { className: 'facts-line', textContent: factsOf(step) }),
      block('command', `Command of ${step.name}`, step.run),
      ...(isFresh(step) ? [] : [element('p', { className: 'result', textContent: resultOf(step) })]),
      ...(step.said && step.said.output !== '' ? [block('output', `Output of ${step.name}`, step.said.output)] : []),
    );
  }

  function drawList(steps) {
    $('steps').replaceChildren(
      ...steps.map((step) => {
        const tone = toneOf(step);
        return element(
          'li',
          { dataset: { tone }, ...(isNow(step) && { attributes: { 'aria-current': 'step' } }) },
          element('span', { className: 'sign', attributes: { 'aria-hidden': 'true' }, textContent: SIGNS[tone] }),
          element('a', { href: `#step-${step.name}`, textContent: step.name }),
          element('small', { textContent: stateOf(step) }),
        );
      }),
    );
  }

  function draw(steps) {
    steps.forEach((step, i) => {
      if (!places.has(step.name)) return;
      // The question has a place of its own.
      const key = JSON.stringify({ ...step, question: null });
      if (drawn.get(step.name) === key) return;
      drawn.set(step.name, key);
      drawStep(step, i + 1);
    });
    const key = JSON.stringify(steps.map(({ name, stage, said }) => [name, stage, said && said.result]));
    if (drawn.get('') === key) return;
    drawn.set('', key);
    drawList(steps);
  }

  return {
    begin,
    draw,
    factsOf,
    resultOf,
    /* Brings a step into view. */
    show: (name) => places.get(name)?.scrollIntoView({ block: 'center' }),
  };
})();
