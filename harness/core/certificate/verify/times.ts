import { iso } from '../../clock.ts';
import type { Certificate, Registration } from '../statements.ts';
import type { Reason } from './reason.ts';

const DAY_MS = 86_400_000;
/** The clocks of two machines may differ by so much, milliseconds. */
const SKEW_MS = 300_000;

/** Returns what is wrong with the times of a certificate. `now`: epoch milliseconds. */
export function wrongTimes(
  { measured, issuedOn, notAfter, plan }: Certificate,
  { registeredOn }: Registration,
  now: number,
): readonly Reason[] {
  const [registered, first, last, issued, until] = [
    registeredOn,
    measured.firstRequestOn,
    measured.lastRequestOn,
    issuedOn,
    notAfter,
  ].map((text) => Date.parse(text)) as [number, number, number, number, number];
  const reasons: Reason[] = [];
  if (registered >= first)
    reasons.push({
      code: 'CHAOS_CERTIFICATE_REGISTERED_LATE',
      message: `the targets were registered on ${registeredOn}, and the first request was on ${measured.firstRequestOn}`,
    });
  if (first > last || last > issued)
    reasons.push({
      code: 'CHAOS_CERTIFICATE_VALIDITY',
      message: `its times are not in their order: first request ${measured.firstRequestOn}, last request ${measured.lastRequestOn}, issued ${issuedOn}`,
    });
  if (until - issued > plan.validDays * DAY_MS || until <= issued)
    reasons.push({
      code: 'CHAOS_CERTIFICATE_VALIDITY',
      message: `it is valid from ${issuedOn} to ${notAfter}, and registered were ${plan.validDays} days`,
    });
  if (issued > now + SKEW_MS)
    reasons.push({
      code: 'CHAOS_CERTIFICATE_FUTURE',
      message: `it was issued on ${issuedOn}, and now is ${iso(now)}`,
    });
  if (now > until) reasons.push({ code: 'CHAOS_CERTIFICATE_EXPIRED', message: `it was valid until ${notAfter}` });
  return reasons;
}
