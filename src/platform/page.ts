/** Which part of a list is wanted: at most `limit` items after the one with that sort key. */
export interface Page {
  readonly after: string | null;
  readonly limit: number;
}
