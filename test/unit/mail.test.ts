import { afterEach, describe, expect, it } from 'vitest';
import { openMail } from '../../src/platform/mail.node.ts';
import { type SmtpServer, startSmtpServer } from '../support/smtp-server.ts';

let server: SmtpServer;
afterEach(() => server.close());

const MAIL = {
  to: 'ana@example.com',
  subject: 'Use “立减五元” by 2026-11-28',
  text: 'Your coupon “立减五元” is good until 24:00 on 2026-11-28.\n',
  id: 'ntc_1',
};
const from = 'coupons@shop.example';

function mailTo({ port }: SmtpServer, login = '', host = '127.0.0.1') {
  return openMail({ url: `smtp://${login}${host}:${port}`, from, patienceMs: 500 });
}

describe('a mail', () => {
  it('arrives at its one address with what it says', async () => {
    server = await startSmtpServer();
    expect(await mailTo(server)(MAIL)).toEqual({ sent: true });
    const [mail] = server.mails;
    expect(server.mails).toHaveLength(1);
    expect(mail).toMatchObject({ from, to: [MAIL.to] });
    const [head = '', ...text] = (mail?.data ?? '').split('\n\n');
    expect(head).toContain('Message-ID: <ntc_1@shop.example>');
    expect(head).toContain('Auto-Submitted: auto-generated');
    expect(head).toMatch(/^From: coupons@shop\.example$/m);
    const subject = head.match(/^Subject: (.*(?:\n .*)*)/m)?.[1]?.replaceAll('\n ', '') ?? '';
    expect(decodedWords(subject)).toBe(MAIL.subject);
    expect(decoded(head, text.join('\n\n'))).toContain(MAIL.text.trim());
  });

  it('with two addresses in one goes to neither', async () => {
    server = await startSmtpServer();
    const to = 'ana@example.com, bo@example.com';
    await mailTo(server)({ ...MAIL, to });
    expect(server.mails.flatMap((mail) => mail.to)).not.toContain('bo@example.com');
  });

  it('has the header lines that we give it and no others', async () => {
    server = await startSmtpServer();
    const subject = 'a\r\nBcc: bo@example.com';
    expect(await mailTo(server)({ ...MAIL, subject })).toEqual({ sent: true });
    expect(server.mails[0]?.to).toEqual([MAIL.to]);
    expect(server.mails[0]?.data).not.toMatch(/^Bcc/im);
  });

  it('is sent with the name and password of the settings', async () => {
    server = await startSmtpServer();
    expect(await mailTo(server, 'shop:p%40ss@')(MAIL)).toEqual({ sent: true });
    const plain = Buffer.from('\u0000shop\u0000p@ss').toString('base64');
    expect(server.said).toContain(`AUTH PLAIN ${plain}`);
  });

  it('keeps the password when the way to another machine is in the clear', async () => {
    server = await startSmtpServer();
    // To the code any other machine, to the kernel this one.
    const outcome = await mailTo(server, 'shop:secret@', '0.0.0.0')(MAIL);
    expect(outcome).toMatchObject({ sent: false, permanent: false });
    expect(server.said.filter((line) => line.startsWith('AUTH'))).toEqual([]);
    expect(server.mails).toEqual([]);
  });
});

describe('a mail is not sent', () => {
  it.each<[command: string, answer: string, reason: string, permanent: boolean]>([
    ['RCPT', '550 no such user', 'smtp-550', true],
    ['RCPT', '450 later', 'smtp-450', false],
    ['MAIL', '550 not from you', 'smtp-550', false],
    ['DATA', '451 later', 'smtp-451', false],
    ['.', '554 not liked', 'smtp-554', false],
    ['CONNECT', '554 go away', 'smtp-554', false],
  ])('when the server answers %s with %s', async (command, answer, reason, permanent) => {
    server = await startSmtpServer((said) => (said === command ? answer : undefined));
    expect(await mailTo(server)(MAIL)).toEqual({ sent: false, reason, permanent });
    expect(server.mails).toEqual([]);
  });

  it('when the login is refused', async () => {
    server = await startSmtpServer((said) => (said === 'AUTH' ? '535 no' : undefined));
    const outcome = await mailTo(server, 'shop:secret@')(MAIL);
    expect(outcome).toEqual({ sent: false, reason: 'smtp-535', permanent: false });
  });

  it.each(['CONNECT', 'EHLO', 'RCPT', '.'])('when the server is silent at %s', async (command) => {
    server = await startSmtpServer((said) => (said === command ? null : undefined));
    const begun = performance.now();
    const outcome = await mailTo(server)(MAIL);
    expect(outcome).toEqual({ sent: false, reason: 'timeout', permanent: false });
    expect(performance.now() - begun).toBeLessThan(5000);
  });

  it('when there is no server', async () => {
    server = await startSmtpServer();
    const send = mailTo(server);
    await server.close();
    expect(await send(MAIL)).toEqual({ sent: false, reason: 'unreachable', permanent: false });
  });
});

function decodedWords(text: string): string {
  return text.replaceAll(/=\?UTF-8\?([QB])\?(.*?)\?=\s*/gi, (_, kind: string, word: string) =>
    kind.toUpperCase() === 'B'
      ? Buffer.from(word, 'base64').toString()
      : quotedPrintable(word.replaceAll('_', ' ')),
  );
}

function decoded(head: string, text: string): string {
  if (/transfer-encoding: base64/i.test(head)) return Buffer.from(text, 'base64').toString();
  return quotedPrintable(text.replaceAll('=\n', ''));
}

function quotedPrintable(text: string): string {
  const bytes = text.replaceAll(/=([0-9A-F]{2})/gi, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
  return Buffer.from(bytes, 'latin1').toString();
}
