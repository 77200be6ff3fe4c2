import { describe, expect, test } from 'vitest';
import { type CsvCell, CsvColumn } from '../../src/bulk/csv-column.ts';
import { csvLine } from '../../src/platform/csv.ts';
import { ProblemError } from '../../src/problems/answer.ts';

/** The cells of a file that arrives so many bytes at a time. */
function cellsOf(file: string | Uint8Array, step: number): CsvCell[] {
  const bytes = typeof file === 'string' ? new TextEncoder().encode(file) : file;
  const column = new CsvColumn();
  const cells: CsvCell[] = [];
  for (let from = 0; from < bytes.length; from += step) {
    cells.push(...column.push(bytes.slice(from, from + step)));
  }
  return [...cells, ...column.end()];
}

const STEPS = [1, 2, 3, 7, 1e6];
const shown = (cells: readonly CsvCell[]) => cells.map(({ line, value }) => `${line} ${value}`);

describe('a column', () => {
  test.each<[what: string, file: string, cells: string[]]>([
    ['nothing', '', []],
    ['a line without an end', 'a', ['1 a']],
    ['lines that end in LF', 'a\nb\n', ['1 a', '2 b']],
    ['lines that end in CRLF', 'a\r\nb\r\n', ['1 a', '2 b']],
    ['both kinds', 'a\r\nb\nc', ['1 a', '2 b', '3 c']],
    ['a byte order mark', '\ufeffa\nb', ['1 a', '2 b']],
    ['a byte order mark before a quote', '\ufeff"a"\nb', ['1 a', '2 b']],
    ['a byte order mark further on, which is data', 'a\n\ufeffb', ['1 a', '2 \ufeffb']],
    ['empty lines', '\na\n\n', ['1 ', '2 a', '3 ']],
    ['quotes', '"a"\r\n""\n"b"', ['1 a', '2 ', '3 b']],
    ['a quote in quotes', '"a""b"\n""""', ['1 a"b', '2 "']],
    ['a comma in quotes', '"a,b"', ['1 a,b']],
    ['a line end in quotes', '"a\nb"\nc', ['1 a\nb', '3 c']],
    ['a CRLF in quotes', '"a\r\nb"\r\nc', ['1 a\r\nb', '3 c']],
    ['a quote before a line end in quotes', '"a""\nb"\n', ['1 a"\nb']],
    ['letters of two to four bytes', 'é\n券\n😀', ['1 é', '2 券', '3 😀']],
    ['spaces, which are data', ' a \n', ['1  a ']],
  ])('of %s', (_what, file, cells) => {
    for (const step of STEPS) expect(shown(cellsOf(file, step))).toEqual(cells);
  });

  const bytes = (...values: number[]) => new Uint8Array(values);

  test.each<[what: string, file: string | Uint8Array, line: number, message: string]>([
    ['two columns', 'a\nb,c', 2, 'has more than one column'],
    ['two quoted columns', 'a\n"b","c"', 2, 'has something after its closing quote'],
    ['text after quotes', '"a"b', 1, 'has something after its closing quote'],
    ['a quote in the middle', 'a\na"b', 2, 'has a quote or a line end outside of quotes'],
    ['a CR alone', 'a\rb', 1, 'has a quote or a line end outside of quotes'],
    ['two CRs before an LF', 'a\r\r\n', 1, 'has a quote or a line end outside of quotes'],
    ['a quote that is never closed', 'a\n"b\nc\n', 2, 'a quote is never closed'],
    ['bytes that are no UTF-8', bytes(0x61, 0x0a, 0xff), 2, 'is not valid UTF-8'],
    ['half a letter', bytes(0x61, 0x0a, 0xe5, 0x88, 0x0a, 0x62), 2, 'is not valid UTF-8'],
    ['an overlong encoding', bytes(0xc0, 0xa2), 1, 'is not valid UTF-8'],
    ['half of a surrogate pair', bytes(0xed, 0xa0, 0x80), 1, 'is not valid UTF-8'],
    ['UTF-16', bytes(0xff, 0xfe, 0x61, 0x00), 1, 'is not valid UTF-8'],
    ['a cell without an end', 'x'.repeat(5000), 1, 'is too long'],
    ['a long line', `a\n${'x'.repeat(5000)}\nb`, 2, 'is too long'],
    ['a quote that goes on and on', `a\n"${'x\n'.repeat(3000)}"`, 2, 'is too long'],
  ])('is refused for %s', (_what, file, line, message) => {
    for (const step of STEPS) {
      const read = () => cellsOf(file, step);
      expect(read).toThrow(ProblemError);
      try {
        read();
      } catch (error) {
        expect((error as ProblemError).extras.errors).toEqual([
          { pointer: `/lines/${line}`, message },
        ]);
      }
    }
  });

  test('holds no more of a large file than a cell', () => {
    const column = new CsvColumn();
    const chunk = new TextEncoder().encode(`${'x'.repeat(63)}\n`.repeat(1024));
    let cells = 0;
    for (let sent = 0; sent < 200; sent++) cells += column.push(chunk).length;
    expect(cells).toBe(200 * 1024);
    expect(column.end()).toEqual([]);
  });
});

describe('a line that is written', () => {
  test.each<[cells: (string | number | null)[], line: string]>([
    [['a', 'b'], 'a,b'],
    [['', null, 'c'], ',,c'],
    [['a,b', 'a"b', 'a\nb', 'a\rb'], '"a,b","a""b","a\nb","a\rb"'],
    [[7, -7, 0.5], '7,-7,0.5'],
    [['=1+1'], "'=1+1"],
    [['+8613800000000'], "'+8613800000000"],
    [['-7'], "'-7"],
    [['@SUM(A1)'], "'@SUM(A1)"],
    [['\t=1'], "'\t=1"],
    [['\r=1'], '"\'\r=1"'],
    [['=HYPERLINK("x","y")'], '"\'=HYPERLINK(""x"",""y"")"'],
    [['a=1', ' =1', '券'], 'a=1, =1,券'],
  ])('%j', (cells, line) => {
    expect(csvLine(cells)).toBe(`${line}\r\n`);
  });

  test('is read as it was, but for the apostrophe', () => {
    for (const text of ['a', 'a,b', 'a"b"', '""', 'a\r\nb', '券', "'", 'x=']) {
      expect(shown(cellsOf(csvLine([text]), 3))).toEqual([`1 ${text}`]);
    }
  });
});
