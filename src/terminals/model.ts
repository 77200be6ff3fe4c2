/** A place where an issuer's terminals stand. */
export interface Store {
  readonly id: string;
  readonly issuerId: string;
  readonly name: string;
}

/** A till; its taps and redemptions count for its store. */
export interface Terminal extends Store {
  readonly storeId: string;
}
