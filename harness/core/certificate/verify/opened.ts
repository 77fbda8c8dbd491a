import type { KeyObject } from 'node:crypto';
import { z } from 'zod';
import { isSignedBy, keyIdOf, PAYLOAD_TYPE, sha256, signedBytes } from '../envelope.ts';
import {
  type Certificate,
  type Kind,
  type Registration,
  SHAPES,
  type Subject,
  type TestResult,
  TYPES,
} from '../statements.ts';
import type { Reason } from './reason.ts';

interface Opened<P> {
  readonly subject: Subject;
  readonly predicate: P;
  /** The SHA-256 of the signed text. */
  readonly digest: string;
}

/** The three statements of a certificate file. Undefined: missing, or not of its form. */
export interface Statements {
  readonly registration: Opened<Registration> | undefined;
  readonly result: Opened<TestResult> | undefined;
  readonly certificate: Opened<Certificate> | undefined;
}

const base64 = z.string().refine((text) => Buffer.from(text, 'base64').toString('base64') === text, {
  error: 'this is not base64',
});
const envelope = z.strictObject({
  payloadType: z.string(),
  payload: base64,
  signatures: z.array(z.object({ keyid: z.string(), sig: base64 })),
});

const KINDS = Object.keys(TYPES) as Kind[];
/** In words, with their article. */
const NAMES = { registration: 'the registration', result: 'the test result', certificate: 'the certificate' } as const;

/**
 * Reads the lines of a certificate file. A statement whose signature is wrong is returned all the same, so that a verifier
 * can say what was edited; there is a reason against it then. A line that is none of the three statements is a reason too.
 */
export function openStatements(
  text: string,
  key: KeyObject,
): { readonly statements: Statements; readonly reasons: readonly Reason[] } {
  const reasons: Reason[] = [];
  const found = new Map<Kind, Opened<unknown>>();
  for (const [i, line] of text.split('\n').entries()) {
    if (line === '') continue;
    const opened = openLine(line, i + 1, key, reasons);
    if (opened === undefined) continue;
    if (found.has(opened.kind))
      reasons.push({
        code: 'CHAOS_CERTIFICATE_TWICE',
        message: `${NAMES[opened.kind]} is there twice (line ${i + 1})`,
      });
    else found.set(opened.kind, opened);
  }
  for (const kind of KINDS.filter((kind) => !found.has(kind)))
    reasons.push({ code: 'CHAOS_CERTIFICATE_INCOMPLETE', message: `${NAMES[kind]} is missing, or cannot be read` });
  return {
    statements: {
      registration: found.get('registration') as Opened<Registration> | undefined,
      result: found.get('result') as Opened<TestResult> | undefined,
      certificate: found.get('certificate') as Opened<Certificate> | undefined,
    },
    reasons,
  };
}

function openLine(
  line: string,
  number: number,
  key: KeyObject,
  reasons: Reason[],
): (Opened<unknown> & { readonly kind: Kind }) | undefined {
  const say = (code: Reason['code'], message: string): undefined => {
    reasons.push({ code, message: `line ${number}: ${message}` });
  };
  const parsed = envelope.safeParse(json(line));
  if (!parsed.success) return say('CHAOS_CERTIFICATE_FORM', `no signed envelope: ${firstOf(parsed.error)}`);
  const { payloadType, payload, signatures } = parsed.data;
  if (payloadType !== PAYLOAD_TYPE)
    return say('CHAOS_CERTIFICATE_PAYLOAD_TYPE', `the payload type is "${payloadType}" and not "${PAYLOAD_TYPE}"`);
  const bytes = Buffer.from(payload, 'base64');
  const statement = json(bytes.toString());
  const type = (statement as { readonly predicateType?: unknown } | undefined)?.predicateType;
  const kind = KINDS.find((kind) => TYPES[kind] === type);
  const what = kind === undefined ? 'the statement' : NAMES[kind];
  const signed = signedBytes(payloadType, bytes);
  if (signatures.length === 0) say('CHAOS_CERTIFICATE_UNSIGNED', `nobody signed ${what}`);
  else if (!signatures.some(({ sig }) => isSignedBy(key, signed, sig))) {
    const ours = signatures.some(({ keyid }) => keyid === keyIdOf(key));
    if (ours) say('CHAOS_CERTIFICATE_SIGNATURE', `${what} was changed after it was signed`);
    else say('CHAOS_CERTIFICATE_OTHER_KEY', `another key signed ${what}: ${signatures[0]?.keyid.slice(0, 16) ?? ''}`);
  }
  if (kind === undefined)
    return say(
      'CHAOS_CERTIFICATE_VERSION',
      `no statement of this version of chaos: its type is ${JSON.stringify(type)}`,
    );
  const shaped = SHAPES[kind].safeParse(statement);
  if (!shaped.success) return say('CHAOS_CERTIFICATE_FORM', `${what} has not its form: ${firstOf(shaped.error)}`);
  const { subject, predicate } = shaped.data;
  return { kind, subject, predicate, digest: sha256(bytes) };
}

/** Returns undefined for a text that is no JSON. */
function json(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function firstOf({ issues: [first] }: z.ZodError): string {
  const path = first?.path.join('.') ?? '';
  return `${path === '' ? '' : `${path}: `}${first?.message ?? ''}`;
}
