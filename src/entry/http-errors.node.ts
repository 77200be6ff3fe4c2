import type { Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { RequestError } from '@hono/node-server';
import { newId } from '../platform/ids.ts';
import { problemDocument, problemHeaders } from '../problems/answer.ts';
import { type ProblemCode, problems } from '../problems/registry.ts';

const REASONS: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  431: 'Request Header Fields Too Large',
};
/** Who asks cannot be read, and so neither in which language. */
const LOCALE = 'en';

/** Requests that Node refuses before any handler sees them get a problem like all others. */
export function answerHttpErrors(server: Server): void {
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Duplex) => {
    if (error.code === 'ECONNRESET' || !socket.writable) return socket.destroy();
    socket.end(
      answerTo(error.code === 'HPE_HEADER_OVERFLOW' ? 'headers-too-large' : 'malformed-http'),
    );
  });
}

/** So do those that have no Host, or a target that makes no URL with it. */
export function answerUnreadable(error: unknown): Response {
  const code = error instanceof RequestError ? 'malformed-http' : 'internal-error';
  const { status } = problems[code];
  return new Response(documentOf(code), { status, headers: problemHeaders(LOCALE) });
}

function answerTo(code: ProblemCode): string {
  const { status } = problems[code];
  const body = documentOf(code);
  return [
    `HTTP/1.1 ${status} ${REASONS[status] ?? 'Error'}`,
    ...Object.entries(problemHeaders(LOCALE)).map(([name, value]) => `${name}: ${value}`),
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
    '',
    body,
  ].join('\r\n');
}

function documentOf(code: ProblemCode): string {
  const requestId = newId('req');
  return JSON.stringify(problemDocument(code, { origin: '', locale: LOCALE, requestId }));
}
