import { generate } from 'lean-qr';
import { toSvgPath } from 'lean-qr/extras/svg';

/** A QR code as plain data, so that a script can draw it again without making it. */
export function qrPath(text: string): { readonly path: string; readonly size: number } {
  const code = generate(text);
  return { path: toSvgPath(code), size: code.size };
}
