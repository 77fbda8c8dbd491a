import { markup, type Markup } from './markup.ts';

/**
 * Returns a part of the page that scrolls by itself when it is wider or higher than its place. It has a place in the
 * order of the Tab key, so that the arrow keys scroll it.
 */
export const scroller = (label: string, content: Markup): Markup =>
  markup`<div class="scroll" role="region" aria-label="${label}" tabindex="0">${content}</div>`;
