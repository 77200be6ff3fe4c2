import { decodeUtf8 } from '../platform/bytes.ts';
import { invalidInput, type ProblemError } from '../problems/answer.ts';

/** One cell and the line on which it begins, counted from 1. */
export interface CsvCell {
  readonly line: number;
  readonly value: string;
}

/** Longer than any cell that is right, however it is quoted; what is held of a file is less. */
const MAX_CELL_BYTES = 4096;
const LINE_FEED = 0x0a;
const BYTE_ORDER_MARK = /^\ufeff/;
const QUOTED = /^"((?:[^"]|"")*)"\r?$/;
const QUOTED_SO_FAR = /^"(?:[^"]|"")*$/;

/** What is wrong on that line, as a problem of the input. */
export function wrongLine(line: number, message: string): ProblemError {
  return invalidInput(`/lines/${line}`, message);
}

/**
 * Reads CSV (RFC 4180) of one column as its bytes arrive and holds no more of it than one cell.
 * A byte order mark at the beginning and line ends of either kind are tolerated, nothing else is.
 */
export class CsvColumn {
  #rest: Uint8Array = new Uint8Array();
  #line = 0;
  #open: CsvCell | null = null;

  /** The cells that these bytes complete. @throws ProblemError that names the line */
  push(bytes: Uint8Array): CsvCell[] {
    const cells: CsvCell[] = [];
    const end = bytes.lastIndexOf(LINE_FEED);
    if (end >= 0) this.#take(this.#withRest(bytes.subarray(0, end)), cells);
    this.#rest = this.#withRest(bytes.subarray(end + 1));
    if (this.#rest.length > MAX_CELL_BYTES) throw wrongLine(this.#line + 1, 'is too long');
    return cells;
  }

  /** The cell that no line end has completed. @throws ProblemError that names the line */
  end(): CsvCell[] {
    const cells: CsvCell[] = [];
    if (this.#rest.length > 0) this.#take(this.#rest, cells);
    if (this.#open !== null) throw wrongLine(this.#open.line, 'a quote is never closed');
    return cells;
  }

  /** What was left of the bytes before, and these, in a place of their own. */
  #withRest(bytes: Uint8Array): Uint8Array {
    const joined = new Uint8Array(this.#rest.length + bytes.length);
    joined.set(this.#rest);
    joined.set(bytes, this.#rest.length);
    this.#rest = new Uint8Array();
    return joined;
  }

  #take(lines: Uint8Array, cells: CsvCell[]): void {
    for (const text of textsOf(lines, this.#line + 1)) {
      this.#line += 1;
      const cell = this.#cell(this.#line === 1 ? text.replace(BYTE_ORDER_MARK, '') : text);
      if (cell !== null) cells.push(cell);
    }
  }

  /** The cell that ends with this line; null when its quotes are still open. */
  #cell(text: string): CsvCell | null {
    const line = this.#open?.line ?? this.#line;
    const whole = this.#open === null ? text : `${this.#open.value}\n${text}`;
    if (whole.length > MAX_CELL_BYTES) throw wrongLine(line, 'is too long');
    const isOpen = whole.startsWith('"') && QUOTED_SO_FAR.test(whole);
    this.#open = isOpen ? { line, value: whole } : null;
    return isOpen ? null : { line, value: cellIn(whole, line) };
  }
}

/** Lines as texts: at one go where all is well, else one by one up to the wrong one. */
function textsOf(lines: Uint8Array, firstLine: number): Iterable<string> {
  try {
    return decodeUtf8(lines).split('\n');
  } catch {
    return eachTextOf(lines, firstLine);
  }
}

function* eachTextOf(lines: Uint8Array, firstLine: number): Generator<string, void> {
  let from = 0;
  for (let line = firstLine; ; line++) {
    const end = lines.indexOf(LINE_FEED, from);
    const bytes = lines.subarray(from, end < 0 ? lines.length : end);
    try {
      yield decodeUtf8(bytes);
    } catch {
      throw wrongLine(line, 'is not valid UTF-8');
    }
    if (end < 0) return;
    from = end + 1;
  }
}

function cellIn(text: string, line: number): string {
  if (text.startsWith('"')) {
    const [, quoted] = QUOTED.exec(text) ?? [];
    if (quoted === undefined) throw wrongLine(line, 'has something after its closing quote');
    return quoted.replaceAll('""', '"');
  }
  const bare = text.endsWith('\r') ? text.slice(0, -1) : text;
  if (bare.includes(',')) throw wrongLine(line, 'has more than one column');
  if (/["\r]/.test(bare)) throw wrongLine(line, 'has a quote or a line end outside of quotes');
  return bare;
}
