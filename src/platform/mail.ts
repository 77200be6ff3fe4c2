export interface Mail {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  /** The same for every attempt at one mail, so that a mail server can tell a second copy. */
  readonly id: string;
}

/** `permanent`: the server will never take it. `reason` is a code such as `smtp-450`. */
export type MailOutcome =
  | { readonly sent: true }
  | { readonly sent: false; readonly reason: string; readonly permanent: boolean };

/** Hands mails to a mail server; never throws. */
export type SendMail = (mail: Mail) => Promise<MailOutcome>;
