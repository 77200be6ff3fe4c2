import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { isIPv4 } from 'node:net';

export interface DnsServer {
  /** As a resolver takes it. */
  readonly address: string;
  /** How often a name was asked for. */
  asked(name: string): number;
  close(): Promise<void>;
}

const ANSWER = 0x8180;
const NO_SUCH_NAME = 3;
const TYPES = { A: 1, AAAA: 28 } as const;

/** Answers for names with what a function says at that moment; null: there is no such name. */
export async function startDnsServer(
  addressesOf: (name: string, asked: number) => readonly string[] | null,
): Promise<DnsServer> {
  const socket = createSocket('udp4');
  const counts = new Map<string, number>();
  socket.on('message', (query, { port, address }) => {
    const { name, type, question } = questionIn(query);
    const asked = counts.get(name) ?? 0;
    if (type === TYPES.A) counts.set(name, asked + 1);
    const all = addressesOf(name, asked);
    const fitting = (all ?? []).filter((one) => isIPv4(one) === (type === TYPES.A));
    const head = Buffer.alloc(12);
    query.copy(head, 0, 0, 2);
    head.writeUInt16BE(ANSWER | (all === null ? NO_SUCH_NAME : 0), 2);
    head.writeUInt16BE(1, 4);
    head.writeUInt16BE(fitting.length, 6);
    const records = fitting.map((one) => recordOf(type, one));
    socket.send(Buffer.concat([head, question, ...records]), port, address);
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return {
    address: `127.0.0.1:${socket.address().port}`,
    asked: (name) => counts.get(name) ?? 0,
    close: () => new Promise((resolve) => socket.close(() => resolve())),
  };
}

function questionIn(query: Buffer) {
  const labels: string[] = [];
  let at = 12;
  for (let length = query[at] ?? 0; length > 0; length = query[at] ?? 0) {
    labels.push(query.toString('ascii', at + 1, at + 1 + length));
    at += 1 + length;
  }
  const question = query.subarray(12, at + 5);
  return { name: labels.join('.').toLowerCase(), type: query.readUInt16BE(at + 1), question };
}

/** Points back at the question for its name, and is good for no second. */
function recordOf(type: number, address: string): Buffer {
  const bytes = isIPv4(address) ? v4(address) : v6(address);
  const head = Buffer.alloc(12);
  head.writeUInt16BE(0xc00c, 0);
  head.writeUInt16BE(type, 2);
  head.writeUInt16BE(1, 4);
  head.writeUInt16BE(bytes.length, 10);
  return Buffer.concat([head, bytes]);
}

function v4(address: string): Buffer {
  return Buffer.from(address.split('.').map(Number));
}

function v6(address: string): Buffer {
  const [head = '', tail = ''] = address.split('::');
  const groups = (text: string) => (text === '' ? [] : text.split(':'));
  const missing = 8 - groups(head).length - groups(tail).length;
  const all = [...groups(head), ...Array<string>(missing).fill('0'), ...groups(tail)];
  return Buffer.from(all.map((group) => group.padStart(4, '0')).join(''), 'hex');
}
