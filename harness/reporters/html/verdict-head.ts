import { markup, type Markup } from './markup.ts';

export interface VerdictHead {
  /** The look of the banner: "pass", "fail", "inconclusive", "not-restored". */
  readonly look: string;
  /** The small line above the title. */
  readonly kicker: string;
  readonly title: string;
  readonly verdict: string;
  readonly sign: string;
  /** What follows the verdict, in whole sentences. */
  readonly headline: string;
}

/** Returns the banner of a page: a title, and the verdict with its sign. `more` stands below, within the banner. */
export const verdictHead = (head: VerdictHead, more: readonly (Markup | false)[] = []): Markup =>
  markup`<header class="banner verdict-${head.look}">
<p class="kicker">${head.kicker}</p>
<h1>${head.title}</h1>
<p class="verdict"><strong><span class="sign" aria-hidden="true">${head.sign}</span> ${head.verdict}</strong> <span class="headline">${head.headline}</span></p>
${more
  .filter((one) => one !== false)
  .map(
    (one) => markup`${one}
`,
  )}</header>`;
