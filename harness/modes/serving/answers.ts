import type { ServerResponse } from 'node:http';

/** A page, and the content policy that its scripts need. */
export interface ServedPage {
  readonly html: string;
  readonly policy: string;
}

/** Answers with a reason for people. */
export const refuse = (response: ServerResponse, status: number, why: string): void =>
  void response.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8' }).end(why);

export function answerPage(response: ServerResponse, { html, policy }: ServedPage): void {
  response.setHeader('Content-Security-Policy', policy);
  response.setHeader('Content-Type', 'text/html; charset=utf-8');
  response.end(html);
}

export const answerJson = (response: ServerResponse, status: number, body: unknown): void =>
  void response.writeHead(status, { 'Content-Type': 'application/json; charset=utf-8' }).end(JSON.stringify(body));
