/** An HTTP address in two parts. */
export interface Address {
  /** Scheme, host and port: "http://127.0.0.1:8080". */
  readonly origin: string;
  /** Everything after the origin, as it was written: a path, a query. No part is decoded, resolved or encoded. */
  readonly rest: string;
}

/** Splits an HTTP address. Returns undefined when the text is no HTTP address. */
export function splitAddress(text: string): Address | undefined {
  const [, front = '', rest = ''] = /^(https?:\/\/[^/?#\\]+)(.*)$/is.exec(text) ?? [];
  return URL.canParse(front) ? { origin: new URL(front).origin, rest } : undefined;
}

/** Returns the path that begins every path of a load to this address, without a slash at its end. */
export const basePath = (baseUrl: string): string => (splitAddress(baseUrl)?.rest ?? '').replace(/\/$/, '');
