import { createHmac } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { type GamedayRole, ROLES } from '../../core/gameday/gameday.ts';
import { hasToken } from '../serving/guard.ts';

export type Tokens = Readonly<Record<GamedayRole, string>>;

/**
 * Returns the token of each role for one game day. A server that was started again has the same, so that open pages go on.
 * `secret`: the user's own, which nobody else can read. Nobody can tell one token from another.
 */
export const tokensOf = (secret: string, gameday: string): Tokens =>
  Object.fromEntries(
    ROLES.map((role) => [
      role,
      createHmac('sha256', secret).update(`${gameday} ${role}`).digest('base64url').slice(0, 32),
    ]),
  ) as Tokens;

/** Returns the role whose token a request has. Undefined when it has none. */
export const roleOf = (request: IncomingMessage, tokens: Tokens): GamedayRole | undefined =>
  // Every token is compared, so that the time says nothing about the role.
  ROLES.filter((role) => hasToken(request, tokens[role]))[0];
