/** The errors of this face, as Google's clients read them. */

export type Reason =
  | 'invalid'
  | 'authError'
  | 'forbidden'
  | 'classNotFound'
  | 'resourceNotFound'
  | 'notFound'
  | 'existingResource'
  | 'backendError';

export interface Envelope {
  readonly error: {
    readonly code: number;
    readonly message: string;
    readonly errors: readonly {
      readonly message: string;
      readonly domain: 'walletobjects';
      readonly reason: Reason;
    }[];
    readonly status: string;
  };
}

/** An error of this face: thrown where it ends a request, returned where it is a decision. */
export interface Fault {
  readonly code: number;
  readonly reason: Reason;
  readonly messages: readonly string[];
}

export function fault(code: number, reason: Reason, ...messages: readonly string[]): Fault {
  return { code, reason, messages };
}

/** Ends a request with a fault; a transaction it passes through is rolled back. */
export class WalletApiError extends Error {
  override readonly name = 'WalletApiError';
  readonly fault: Fault;

  constructor(thrown: Fault) {
    super(thrown.messages[0]);
    this.fault = thrown;
  }
}

export function envelope({ code, reason, messages }: Fault): Envelope {
  const errors = messages.map((message) => ({ message, domain: 'walletobjects', reason }) as const);
  return { error: { code, message: messages.join('\n'), errors, status: statusOf(code) } };
}

/** The canonical codes of google.rpc.Code by HTTP status. */
function statusOf(code: number): string {
  switch (code) {
    case 401:
      return 'UNAUTHENTICATED';
    case 403:
      return 'PERMISSION_DENIED';
    case 404:
      return 'NOT_FOUND';
    case 409:
      return 'ALREADY_EXISTS';
    case 503:
      return 'UNAVAILABLE';
    default:
      return code < 500 ? 'INVALID_ARGUMENT' : 'INTERNAL';
  }
}
