/* The layout for a projector: what counts can be read from five metres, and nothing scrolls. It is the first layout of a
   large screen. `changed`: everything must be drawn again. */
globalThis.projector = (button, changed) => {
  'use strict';
  const { root } = dom;
  const on = () => root.classList.contains('projector');
  function project(yes) {
    root.classList.toggle('projector', yes);
    button.setAttribute('aria-pressed', String(yes));
    sessionStorage.setItem('chaos-projector', yes ? '1' : '0');
    changed();
  }
  button.addEventListener('click', () => project(!on()));
  const kept = sessionStorage.getItem('chaos-projector');
  project(kept === null ? innerWidth >= 1800 && innerHeight >= 900 : kept === '1');
  return { toggle: () => project(!on()) };
};
