import type { GamedayView } from '../../../core/gameday/gameday.ts';
import { type Assets, head, own, policy } from '../assets.ts';
import { markup, verbatim } from '../markup.ts';

let assets: Assets | undefined;

/** Returns a page of a game day, and the content policy that its server sends. The page holds nothing of the day. */
export function gamedayPage(view: GamedayView, version: string): { readonly html: string; readonly policy: string } {
  assets ??= { styles: own('./style.css'), scripts: [own('./gameday/bare.js')] };
  const { scripts } = assets;
  const { text: html } = markup`${head({ title: `chaos: ${view}`, version }, assets, true)}
<body>
<main><h1>${view}</h1><pre id="day"></pre></main>
${scripts.map((script) => verbatim('script', script))}
</body>
</html>
`;
  return { html, policy: `${policy(assets, true)}; frame-ancestors 'none'` };
}
