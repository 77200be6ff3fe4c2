/** What pages load besides themselves: the scripts of their islands and their styles. */
export interface Assets {
  /** The address of a page's island; it changes with its content, so it may be kept for ever. */
  script(page: string): string;
  /** The styles of a page, small enough to stand in it. */
  style(page: string): string;
  find(path: string): Asset | null;
}

export interface Asset {
  readonly type: string;
  readonly body: Uint8Array<ArrayBuffer>;
  /** The same in Brotli. */
  readonly brotli: Uint8Array<ArrayBuffer>;
}
