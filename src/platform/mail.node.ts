import { createTransport } from 'nodemailer';
import type { MailOutcome, SendMail } from './mail.ts';

export interface MailSettings {
  /** `smtp://user:password@host:port`, or `smtps://` for TLS from the start. */
  readonly url: string;
  /** The sender's address. */
  readonly from: string;
  /** How long a step of the server is waited for; three times as long for all of them. */
  readonly patienceMs?: number;
}

/** Sends through an SMTP server, a connection a mail. */
export function openMail({ url, from, patienceMs = 10_000 }: MailSettings): SendMail {
  const { hostname, username } = new URL(url);
  const transport = createTransport({
    url,
    connectionTimeout: patienceMs,
    greetingTimeout: patienceMs,
    socketTimeout: patienceMs,
    dnsTimeout: patienceMs,
    // A password never leaves this machine in the clear, whatever the server offers.
    requireTLS: username !== '' && !isThisMachine(hostname),
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  const domain = from.slice(from.lastIndexOf('@') + 1);
  return ({ to, subject, text, id }) =>
    inTime(
      transport
        .sendMail({
          from: { name: '', address: from },
          // As an object it is taken as it is, and not read as a list of addresses.
          to: { name: '', address: to },
          subject,
          text,
          messageId: `<${id}@${domain}>`,
          headers: { 'Auto-Submitted': 'auto-generated' },
        })
        .then(() => ({ sent: true }) as const, notSent),
      3 * patienceMs,
    );
}

function isThisMachine(hostname: string): boolean {
  return /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/.test(hostname);
}

function notSent(error: unknown): MailOutcome {
  const { responseCode, code, command } = error as Readonly<Record<string, unknown>>;
  if (typeof responseCode === 'number') {
    // A refused login or a wrong sender is the operator's to mend, so it is tried again.
    const permanent = responseCode >= 500 && command === 'RCPT TO';
    return { sent: false, reason: `smtp-${responseCode}`, permanent };
  }
  const reasons: Readonly<Record<string, string>> = { ETIMEDOUT: 'timeout', ETLS: 'tls-missing' };
  const reason = reasons[String(code)] ?? 'unreachable';
  return { sent: false, reason, permanent: false };
}

async function inTime(work: Promise<MailOutcome>, milliseconds: number): Promise<MailOutcome> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<MailOutcome>((resolve) => {
    const outcome = { sent: false, reason: 'timeout', permanent: false } as const;
    timer = setTimeout(() => resolve(outcome), milliseconds);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
