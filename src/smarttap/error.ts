/** What is wrong, for a caller to switch on. The first group is of codecs, the second of sealing. */
export type SmartTapErrorCode =
  /** The input ends before the field does. */
  | 'truncated'
  /** The input goes on where it has to end. */
  | 'trailing-bytes'
  | 'wrong-length'
  | 'wrong-value'
  /** A record has another type name format or type than its name asks for. */
  | 'wrong-form'
  | 'missing'
  | 'repeated'
  | 'not-text'
  /** More than the form can hold, or more than is accepted. */
  | 'too-long'
  | 'bad-key'
  | 'bad-mac'
  | 'bad-compression';

/** The only error that this library throws. `field` is a path of protocol names: `ngr/cpr/sig`. */
export class SmartTapError extends Error {
  readonly code: SmartTapErrorCode;
  readonly field: string;

  constructor(code: SmartTapErrorCode, field: string, reason: string) {
    super(`${field} ${reason}`);
    this.name = 'SmartTapError';
    this.code = code;
    this.field = field;
  }
}
