import type { Locale } from '../problems/model.ts';

/** Brings a one-time code to a phone number. */
export interface CodeSender {
  /** @throws when it is certain that the code does not arrive */
  send(message: CodeMessage): Promise<void>;
}

export interface CodeMessage {
  /** E.164: `+8613800138000`. */
  readonly phone: string;
  readonly code: string;
  readonly locale: Locale;
}
