import { qrPath } from './qr-path.ts';

const QUIET_ZONE = 4;
/** A code of more is too fine for a phone's screen, and one of 2953 bytes is the largest there is. */
const MOST_BYTES = 1000;

export interface QrProps {
  readonly text: string;
  /** What a screen reader says of the picture; the text itself stands beside it. */
  readonly label: string;
}

/** A QR code with its text beside it, for a scanner that fails. */
export function Qr({ text, label }: QrProps) {
  const isDrawn = new TextEncoder().encode(text).length <= MOST_BYTES;
  return (
    <figure class="qr">
      {isDrawn && <Picture text={text} label={label} />}
      <figcaption>
        <code>{inGroups(text)}</code>
      </figcaption>
    </figure>
  );
}

/** Dark on light in every theme, as scanners want it. */
function Picture({ text, label }: QrProps) {
  const { path, size } = qrPath(text);
  const side = size + 2 * QUIET_ZONE;
  return (
    <svg
      role="img"
      aria-label={label}
      viewBox={`${-QUIET_ZONE} ${-QUIET_ZONE} ${side} ${side}`}
      shape-rendering="crispEdges"
    >
      <rect x={-QUIET_ZONE} y={-QUIET_ZONE} width={side} height={side} fill="#fff" />
      <path d={path} fill="#000" />
    </svg>
  );
}

/** Groups are apart for the eye and together for who copies them; what has spaces has its own. */
function inGroups(text: string) {
  if (/\s/.test(text)) return text;
  const groups = text.match(/.{1,4}/gsu) ?? [];
  return groups.map((group, index) => <span key={index}>{group}</span>);
}
