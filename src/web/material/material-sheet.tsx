import { renderToString } from 'preact-render-to-string';
import type { Locale } from '../../problems/model.ts';
import { BLEED_MM, LINE_HEIGHT, type PlacedText, type Sheet } from './sheet.ts';

const BRAND = '#0b5c46';
const INK = '#17181a';
const FONTS = "system-ui, 'PingFang SC', 'Noto Sans SC', 'Microsoft YaHei', Arial, sans-serif";

export interface MaterialSheetProps {
  readonly locale: Locale;
  readonly sheet: Sheet;
  readonly title: string;
  readonly described: string;
  /** The printed code; null on a sheet that has none. */
  readonly code: { readonly side: number; readonly path: string } | null;
  readonly bleed: boolean;
}

/** A sheet as a file of its own. */
export function materialSvg(props: MaterialSheetProps): string {
  return renderToString(<MaterialSheet {...props} />);
}

/** A sheet to be printed, as one SVG in millimetres. */
export function MaterialSheet({ locale, sheet, title, described, ...props }: MaterialSheetProps) {
  const { width, height } = sheet;
  const edge = props.bleed ? BLEED_MM : 0;
  const [wide, high] = [width + 2 * edge, height + 2 * edge];
  return (
    <svg
      xmlns="http://www.w3.org/2000/svg"
      lang={locale}
      width={`${wide}mm`}
      height={`${high}mm`}
      viewBox={`${-edge} ${-edge} ${wide} ${high}`}
      font-family={FONTS}
      text-anchor="middle"
      fill={INK}
    >
      <title>{title}</title>
      <desc>{described}</desc>
      <Ground sheet={sheet} edge={edge} />
      <Zone {...sheet.zone} />
      {sheet.texts.map((text) => (
        <Words key={text.name} text={text} />
      ))}
      <Code place={sheet.code} code={props.code} />
    </svg>
  );
}

function Ground({ sheet, edge }: { readonly sheet: Sheet; readonly edge: number }) {
  const { width, height, round } = sheet;
  if (round) {
    const radius = width / 2;
    const bar = 'M11.5 53.5h37a30 30 0 0 1-37 0z';
    return (
      <>
        <circle cx={radius} cy={radius} r={radius + edge} fill="#fff" stroke={BRAND} />
        {sheet.texts.some(({ onBrand }) => onBrand) && <path d={bar} fill={BRAND} />}
      </>
    );
  }
  const foot = height * (131 / 140);
  return (
    <>
      <rect x={-edge} y={-edge} width={width + 2 * edge} height={height + 2 * edge} fill="#fff" />
      <rect
        x={-edge}
        y={foot}
        width={width + 2 * edge}
        height={height - foot + edge}
        fill={BRAND}
      />
    </>
  );
}

/** Where the tag is stuck: a ring, and the waves by which people know NFC. */
function Zone({ x, y, radius }: Sheet['zone']) {
  // Arcs of one eye to the left, each of 80 degrees.
  const waves = [0.35, 0.65, 0.95].map((share) => {
    const bend = radius * share;
    const down = rounded(bend * 0.643);
    const from = rounded(bend * 0.766 - radius * 0.5);
    return `M${from} ${-down}a${rounded(bend)} ${rounded(bend)} 0 0 1 0 ${2 * down}`;
  });
  return (
    <g
      transform={`translate(${x} ${y})`}
      fill="none"
      stroke={BRAND}
      stroke-width={rounded(radius * 0.07)}
    >
      <circle
        r={radius}
        fill="#e4f3ee"
        stroke-dasharray={`${rounded(radius / 5)} ${rounded(radius / 10)}`}
      />
      <path d={waves.join('')} stroke-linecap="round" />
    </g>
  );
}

function Words({ text }: { readonly text: PlacedText }) {
  const { lines, size, x, y, bold, onBrand } = text;
  return (
    <text
      y={y}
      font-size={size}
      font-weight={bold ? 700 : undefined}
      fill={onBrand ? '#fff' : undefined}
    >
      {lines.map((line, index) => (
        <tspan key={index} x={x} dy={index === 0 ? undefined : rounded(size * LINE_HEIGHT)}>
          {line}
        </tspan>
      ))}
    </text>
  );
}

const QUIET_ZONE = 4;

function rounded(length: number): number {
  return Math.round(length * 1000) / 1000;
}

function Code({
  place,
  code,
}: {
  readonly place: Sheet['code'];
  readonly code: MaterialSheetProps['code'];
}) {
  const { x, y, side } = place;
  if (code === null) {
    // A frame for a code that is stuck on later.
    const dashes = { 'stroke-dasharray': '2 1.5', 'stroke-width': 0.3, stroke: '#8a8d92' };
    return <rect x={x} y={y} width={side} height={side} fill="none" {...dashes} />;
  }
  const modules = code.side + 2 * QUIET_ZONE;
  const scale = rounded(side / modules);
  const corner = [rounded(x + QUIET_ZONE * scale), rounded(y + QUIET_ZONE * scale)].join(' ');
  return (
    <path
      id="code"
      d={code.path}
      fill="#000"
      transform={`translate(${corner}) scale(${scale})`}
      shape-rendering="crispEdges"
    />
  );
}
