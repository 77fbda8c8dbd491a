import type { Certificate } from '../../core/certificate/statements.ts';
import type { Verified } from '../../core/certificate/verify/verify.ts';
import type { TextSink } from '../../core/world.ts';
import { columns } from '../wording/columns.ts';
import { NONE } from '../wording/figures.ts';
import { paint } from './paint.ts';

/** Returns what a verifier says about a certificate: that it is valid and what it signs, or every reason against it. */
export function renderVerified({ valid, reasons, certificate }: Verified, sink: TextSink): string {
  if (!valid || certificate === undefined)
    return [paint(sink, 'red', 'not valid'), ...reasons.map(({ code, message }) => `${code}  ${message}`), ''].join(
      '\n',
    );
  const { title, verdict, productionLike, issuedOn, notAfter } = certificate;
  const environment =
    productionLike === null
      ? 'Only ratios are signed: nobody declared the environment to be like production.'
      : `Requests a second are signed: ${productionLike.by} declares the environment to be like production (${productionLike.because}).`;
  return [
    `${paint(sink, 'green', 'valid')}  ${paint(sink, 'bold', verdict)}  ${title}`,
    `issued ${issuedOn}, valid until ${notAfter}`,
    environment,
    '',
    ...figures(certificate),
    ...(certificate.conditions.length === 0 ? [] : ['', ...certificate.conditions.map((text) => `! ${text}`)]),
    '',
  ].join('\n');
}

const figures = ({ capacities, margins }: Certificate): readonly string[] =>
  columns(
    ['condition', 'carries', 'interval', 'breaks first', 'needed', 'margin'],
    capacities.flatMap(({ condition, ratePerS, low, high, limit }) => {
      const own = margins.filter((margin) => margin.condition === condition);
      const carried = [condition, `${ratePerS}/s`, `${low} to ${high ?? 'unknown'}`, limit ?? NONE];
      if (own.length === 0) return [[...carried, NONE, NONE]];
      return own.map(({ of, needed, ratio, is }) => [
        ...carried,
        of === 'rate' ? `${needed}/s` : `${needed} of full`,
        `${ratio} ${is}`,
      ]);
    }),
  );
