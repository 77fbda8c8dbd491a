import { markup } from '../markup.ts';

/** Asks who the person is. Every act carries the name. */
export const nameDialog = markup`<dialog id="name" aria-labelledby="name-title"><form method="dialog"><h2 id="name-title">Who are you?</h2><p>What you do here is recorded with your name.</p><label class="field">Your name <input id="who" list="names" required maxlength="60" autocomplete="off"></label><datalist id="names"></datalist><div class="acts"><button type="submit" class="next">Join</button></div></form></dialog>`;

/** Asks before an act, with a reason where the act needs one. */
export const askDialog = markup`<dialog id="ask" aria-labelledby="ask-title"><form method="dialog"><h2 id="ask-title">Sure?</h2><p id="ask-note"></p><label class="field" id="ask-reason">Why <input id="ask-why" maxlength="500" autocomplete="off"></label><div class="acts"><button type="button" id="ask-no">No</button><button type="submit" id="ask-yes">Yes</button></div></form></dialog>`;

/** An action that follows from the day: what, who, until when, and what will show that it is done. */
export const actForm = markup`<dialog id="action" aria-labelledby="action-title"><form method="dialog"><h2 id="action-title">A new action</h2><label class="field">What <input id="action-what" required maxlength="500" autocomplete="off"></label><label class="field">Owner <input id="action-owner" required maxlength="100" autocomplete="off"></label><label class="field">Due <input id="action-due" type="date" required></label><label class="field">Experiment that will show that it is done <input id="action-experiment" maxlength="200" autocomplete="off" placeholder="none can show it"></label><div class="acts"><button type="button" id="action-no">Cancel</button><button type="submit" class="next">Keep</button></div></form></dialog>`;

export const runbookDialog = markup`<dialog id="runbook" class="reader" aria-labelledby="runbook-title"><div class="bar"><h2 id="runbook-title">Runbook</h2><button type="button" id="runbook-close">Close</button></div><div id="runbook-text" class="prose" tabindex="0" role="region" aria-labelledby="runbook-title"></div></dialog>`;
