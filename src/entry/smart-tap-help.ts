import type { ProcessContext, Start } from './start.ts';

/** Whether somebody asks how a command is called. */
export function asksForHelp(args: readonly string[]): boolean {
  return args.some((word) => word === '--help' || word === '-h');
}

/** Says it, and ends well. */
export function help(text: string): Start {
  return async ({ say, end }: ProcessContext) => {
    say(text);
    end(0);
    return { stop: async () => {} };
  };
}

export const TERMINAL_HELP = `npm run tapline -- terminal: taps a phone by Smart Tap once, and tells every APDU

  --phone <url>             a simulated phone: octets are sent to POST <url>/apdu, and before the
                            first of them POST <url>/reset, which may be unknown there (404)
  --url <url> --wallet <id> --api-key <key>
                            instead of --phone: a wallet of a running service
  --collector <number>      the collector ID, 0 to 4294967295
  --key <file.pem>          the collector's private key, P-256 in PEM
  --key-version <number>    of that key (1)
  --terminal-id <id>        names this terminal
  --types loyalty,offer,…   the service types to ask for (all)
  --pre-signed              does not sign the phone's nonce
  --no-zlib                 sends no pcr: the phone may not compress
  --second-select           sends SELECT Smart Tap 2 even where it may be skipped
  --stream S|K              numbers its commands 1, 3, 5 or 0, 1, 2 (S)
  --push <uri>              then pushes this as a receipt, and the use of the first pass
  --within <seconds>        gives the whole tap up after that long (60)

It ends with 0 when passes were read or the phone has none for this terminal, and what was pushed was
acknowledged; with 2 when it is called in a wrong way; with 1 otherwise, also when the key cannot be
read.`;

export const WALLET_HELP = `npm run tapline -- wallet: serves a simulated phone to terminals until it is stopped

  --port <number>           listens there, on HOST (127.0.0.1); 0 takes any free port
  --pass <type>:<value>     holds this pass, again and again (loyalty:member-0001); the types are
                            loyalty offer giftCard eventTicket transit flight generic
  --collector <number> --public-key <file.pem>
                            knows this collector; without, one is made up and its private key written
                            into the current folder
  --key-version <number>    of that key (1)
  --choose                  answers 9302 where several passes match, and hands the first over next time
  --locked                  answers 9300
  --not-ready               answers 9101 and 9102
  --max-response <bytes>    sends answers to GET DATA in parts of that many bytes, 1 to 249 (249)

POST /apdu takes one command and answers its response: octets as application/octet-stream, or hex
digits as text/plain. POST /reset takes the phone out of the field, and so do five seconds of silence.`;
