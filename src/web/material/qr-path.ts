import { correction, generate } from 'lean-qr';

/** A QR code as an SVG path, a module a unit: a rectangle for each run of dark ones in a row. */
export function qrPath(text: string): { readonly side: number; readonly path: string } {
  const code = generate(text, { minCorrectionLevel: correction.M });
  const { size: side } = code;
  let path = '';
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      const from = x;
      while (x < side && code.get(x, y)) x++;
      if (x > from) path += `M${from} ${y}h${x - from}v1h${from - x}z`;
    }
  }
  return { side, path };
}
