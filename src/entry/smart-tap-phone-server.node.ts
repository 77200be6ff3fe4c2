import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { fromHex, toHex } from '../smarttap/index.ts';
import type { SimulatedPhone } from './smart-tap-phone.ts';

/** A short command APDU has 5 bytes, 255 of data and one more at most; in hex twice as many. */
const APDU_BYTES = 261;
/** For the end of a line, on either system. */
const MAX_BODY_BYTES = 2 * APDU_BYTES + 2;

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: string | Uint8Array;
  readonly headers?: Readonly<Record<string, string>>;
}

type Phone = Pick<SimulatedPhone, 'answer' | 'leaveField'>;
type Handler = (phone: Phone, body: Uint8Array, type: string) => Promise<Answer>;

const HANDLERS: ReadonlyMap<string, Handler> = new Map<string, Handler>([
  ['/apdu', answerApdu],
  ['/reset', reset],
]);

/** `POST /apdu` and `POST /reset`, not listening yet. */
export function phoneServer(phone: Phone): Server {
  return createServer((request, response) => {
    answerTo(phone, request).then(
      (answer) => send(response, answer),
      // The caller went away in the middle of its body, and nobody is left to be answered.
      () => response.destroy(),
    );
  });
}

async function answerTo(phone: Phone, request: IncomingMessage): Promise<Answer> {
  const handler = HANDLERS.get(request.url ?? '');
  if (handler === undefined) return refused(404, 'there are POST /apdu and POST /reset');
  if (request.method !== 'POST') {
    return { ...refused(405, 'only POST is known here'), headers: { Allow: 'POST' } };
  }
  const body = await readBody(request);
  if (body === null) return refused(413, `a command has at most ${APDU_BYTES} bytes`);
  const [type = ''] = (request.headers['content-type'] ?? '').split(';');
  return handler(phone, body, type.trim().toLowerCase());
}

async function answerApdu(phone: Phone, body: Uint8Array, type: string): Promise<Answer> {
  if (type === 'application/octet-stream') {
    if (body.length > APDU_BYTES) return refused(413, `a command has at most ${APDU_BYTES} bytes`);
    return { status: 200, type, body: await phone.answer(body) };
  }
  if (type !== 'text/plain') {
    return refused(415, 'Content-Type is application/octet-stream, or text/plain for hex');
  }
  const hex = Buffer.from(body).toString('latin1').trim();
  // An empty command is a command too, which the phone refuses.
  if (!/^(?:[0-9a-fA-F]{2})*$/.test(hex))
    return refused(400, 'the body is not pairs of hex digits');
  return { status: 200, type, body: toHex(await phone.answer(fromHex(hex, 'body'))) };
}

async function reset(phone: Phone, body: Uint8Array): Promise<Answer> {
  if (body.length > 0) return refused(400, 'a reset has no body');
  phone.leaveField();
  return { status: 204, type: 'text/plain', body: '' };
}

function refused(status: number, reason: string): Answer {
  return { status, type: 'text/plain', body: `${reason}\n` };
}

/** Null when it is too large; what goes on then is read and thrown away. */
async function readBody(request: IncomingMessage): Promise<Uint8Array | null> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size <= MAX_BODY_BYTES) chunks.push(chunk);
  }
  return size <= MAX_BODY_BYTES ? new Uint8Array(Buffer.concat(chunks)) : null;
}

function send(response: ServerResponse, { status, type, body, headers }: Answer): void {
  response.writeHead(status, { 'Content-Type': type, ...headers }).end(body);
}
