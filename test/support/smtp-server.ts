import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { createInterface } from 'node:readline';

export interface ReceivedMail {
  readonly from: string;
  readonly to: readonly string[];
  /** Headers and text as they came. */
  readonly data: string;
}

export interface SmtpServer {
  readonly port: number;
  readonly mails: readonly ReceivedMail[];
  /** Every line a client has said outside of mails. */
  readonly said: readonly string[];
  close(): Promise<void>;
}

/**
 * A mail server that says yes, or what a test wants it to say to a command (`EHLO`, `MAIL`, `RCPT`,
 * `DATA`, `.`); null is silence.
 */
export async function startSmtpServer(
  says: (command: string, line: string) => string | null | undefined = () => undefined,
): Promise<SmtpServer> {
  const mails: ReceivedMail[] = [];
  const said: string[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
    const reply = (command: string, line: string, usual: string) => {
      const answer = says(command, line);
      if (answer !== null) socket.write(`${answer ?? usual}\r\n`);
      return answer === undefined;
    };
    let [from, to, data]: [string, string[], string[] | null] = ['', [], null];
    reply('CONNECT', '', '220 mail.test');
    createInterface({ input: socket, crlfDelay: Number.POSITIVE_INFINITY }).on('line', (line) => {
      if (data !== null && line !== '.') return data.push(line.replace(/^\./, ''));
      if (data !== null) {
        if (reply('.', line, '250 taken')) mails.push({ from, to, data: data.join('\n') });
        [from, to, data] = ['', [], null];
        return;
      }
      said.push(line);
      const command = line.slice(0, 4).toUpperCase();
      const address = /<(.*)>/.exec(line)?.[1] ?? '';
      if (command === 'EHLO') reply(command, line, '250-mail.test\r\n250 AUTH PLAIN');
      else if (command === 'AUTH') reply(command, line, '235 welcome');
      else if (command === 'DATA') data = reply(command, line, '354 go on') ? [] : null;
      else if (command === 'QUIT') reply(command, line, '221 bye');
      else if (reply(command, line, '250 ok') && command === 'MAIL') from = address;
      else if (command === 'RCPT') to = [...to, address];
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    mails,
    said,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
