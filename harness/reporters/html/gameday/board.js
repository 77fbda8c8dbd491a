/* The board: what everybody in the room may know, readable from five metres. */
(() => {
  'use strict';
  const { $, put } = dom;
  const model = gamedayModel;
  const MOST_LINES = 30;

  openDay({
    keys: {},
    draw(day, t) {
      gamedayLists.agenda($('agenda'), model.agenda(day));
      const { inject, headline, detail } = model.onBoard(day, t);
      put($('headline'), headline);
      put($('detail'), detail);
      document.documentElement.dataset.column = inject && !inject.hidden ? inject.stage : '';
      gamedayLists.marks($('marks'), inject ? model.marks(day, inject, t) : []);
      gamedayLists.alerts($('alerts'), model.alerts(day), (at) => model.at(day, at));
      gamedayLists.log($('log'), model.log(day), MOST_LINES);
    },
  });
})();
