import type { Message } from './message.ts';

/** Slack refuses a block with a longer text, in characters. */
const LONGEST = 2_900;

const SIGN: Readonly<Record<string, string>> = {
  PASS: ':white_check_mark:',
  FAIL: ':x:',
  'NOT RESTORED': ':rotating_light:',
  INCONCLUSIVE: ':grey_question:',
};

/**
 * Returns a message in the form of Slack's incoming webhooks. Mattermost and Rocket.Chat take it too. `text` is for
 * notifications, and the blocks are what a channel shows.
 */
export function slackForm(message: Message): object {
  const lines = linesOf(message);
  const text = `${headOf(message)} · ${escaped(message.title)}`;
  return {
    text: cut(text),
    blocks: [
      { type: 'section', text: { type: 'mrkdwn', text: cut([`*${text}*`, ...lines].join('\n')) } },
      {
        type: 'context',
        elements: [
          { type: 'mrkdwn', text: cut(escaped(`${message.run} · on ${message.project} · by ${BY[message.by]}`)) },
        ],
      },
    ],
  };
}

const BY = { run: 'the run', guardian: 'its guardian: the process of the run had died', heal: 'chaos heal' } as const;

function headOf({ news, verdict }: Message): string {
  if (news === 'started') return ':arrow_forward: started';
  return `${SIGN[verdict ?? ''] ?? ':warning:'} ${verdict ?? ''}`;
}

function linesOf({ news, faults, why, failed_checks: failed = [], residue = [], restored }: Message): string[] {
  if (news === 'started') {
    const names = faults.map(({ id }) => id).join(', ');
    return [names === '' ? 'Without faults.' : `Faults: ${escaped(names)}`];
  }
  const left = residue.map(
    ({ kind, target, how_to_undo: undo }) => `• left: ${escaped(`${kind} ${target}`)} → \`${escaped(undo)}\``,
  );
  return [
    ...(why === undefined ? [] : [escaped(why)]),
    ...failed.map(({ name, expected, observed }) => `• ${escaped(`${name}: ${observed}, expected ${expected}`)}`),
    ...(restored === false ? ['*The system was not put back. A person must repair it now.*'] : []),
    ...left,
  ];
}

/** Slack gives these three characters a meaning. */
const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

const cut = (text: string): string => (text.length <= LONGEST ? text : `${text.slice(0, LONGEST)}…`);
