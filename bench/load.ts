import { connect, type Socket } from 'node:net';
import { Histogram } from './histogram.ts';

/** One answered request. */
export interface Answer {
  readonly status: number;
  readonly body: string;
}

export interface LoadResult {
  readonly requests: number;
  readonly seconds: number;
  readonly latency: Histogram;
  /** How many answers had each status. */
  readonly statuses: ReadonlyMap<number, number>;
}

export interface Load {
  readonly port: number;
  readonly callers: number;
  /** The next request as it goes over the wire; null ends the caller. */
  readonly next: () => string | null;
  /** At most this many requests a second over all callers; absent: as fast as answers come. */
  readonly rate?: number;
  readonly seen?: (answer: Answer) => void;
}

export function post(path: string, body: string, headers: Record<string, string> = {}): string {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return `POST ${path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n${lines.join('')}\r\n${body}`;
}

/** Sends requests over keep-alive connections, one in flight for each caller, until none is left. */
export async function run(load: Load): Promise<LoadResult> {
  const latency = new Histogram();
  const statuses = new Map<number, number>();
  const begun = performance.now();
  const pace = pacer(load.rate);
  const callers = Array.from({ length: load.callers }, async () => {
    const client = await open(load.port);
    for (let request = load.next(); request !== null; request = load.next()) {
      await pace();
      const sent = performance.now();
      const answer = await client.send(request);
      latency.add(performance.now() - sent);
      statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1);
      load.seen?.(answer);
    }
    client.close();
  });
  await Promise.all(callers);
  const seconds = (performance.now() - begun) / 1000;
  return { requests: latency.count, seconds, latency, statuses };
}

/** Spreads requests evenly over time when there is a rate. */
function pacer(rate: number | undefined): () => Promise<void> {
  if (rate === undefined) return async () => {};
  const begun = performance.now();
  let turn = 0;
  return async () => {
    const due = begun + (turn++ * 1000) / rate;
    const wait = due - performance.now();
    if (wait > 1) await new Promise((resolve) => setTimeout(resolve, wait));
  };
}

interface Client {
  send(request: string): Promise<Answer>;
  close(): void;
}

/** A client that does as little as HTTP allows: the machine's cores are for the server. */
async function open(port: number): Promise<Client> {
  const socket = await new Promise<Socket>((resolve, reject) => {
    const opened = connect(port, '127.0.0.1', () => resolve(opened));
    opened.on('error', reject);
  });
  socket.setNoDelay(true);
  let buffered = '';
  let settle: { resolve: (answer: Answer) => void; reject: (error: Error) => void } | null = null;
  socket.setEncoding('latin1');
  socket.on('data', (chunk: string) => {
    buffered += chunk;
    const answer = parse(buffered);
    if (answer === null || settle === null) return;
    buffered = '';
    settle.resolve(answer);
  });
  socket.on('error', (error) => settle?.reject(error));
  socket.on('close', () => settle?.reject(new Error('the server closed the connection')));
  return {
    send: (request) =>
      new Promise((resolve, reject) => {
        settle = { resolve, reject };
        socket.write(request);
      }),
    close: () => socket.destroy(),
  };
}

function parse(text: string): Answer | null {
  const end = text.indexOf('\r\n\r\n');
  if (end === -1) return null;
  const length = /content-length: (\d+)/i.exec(text.slice(0, end))?.[1];
  const body = text.slice(end + 4);
  if (length === undefined || body.length < Number(length)) return null;
  return { status: Number(text.slice(9, 12)), body };
}
