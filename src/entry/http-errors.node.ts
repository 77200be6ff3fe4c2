import type { Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { newId } from '../platform/ids.ts';
import { problemDocument } from '../problems/answer.ts';
import { type ProblemCode, problems } from '../problems/registry.ts';

const REASONS: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  431: 'Request Header Fields Too Large',
};

/** Requests that Node refuses before any handler sees them get a problem like all others. */
export function answerHttpErrors(server: Server): void {
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Duplex) => {
    if (error.code === 'ECONNRESET' || !socket.writable) return socket.destroy();
    socket.end(
      answerTo(error.code === 'HPE_HEADER_OVERFLOW' ? 'headers-too-large' : 'malformed-http'),
    );
  });
}

function answerTo(code: ProblemCode): string {
  const { status } = problems[code];
  const context = { origin: '', locale: 'en' as const, requestId: newId('req') };
  const body = JSON.stringify(problemDocument(code, context));
  return [
    `HTTP/1.1 ${status} ${REASONS[status] ?? 'Error'}`,
    'Content-Type: application/problem+json; charset=UTF-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
    '',
    body,
  ].join('\r\n');
}
