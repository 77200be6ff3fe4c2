import { hydrate, render } from 'preact';
import { openEventStream, wakeOnReturn } from '../counter/event-stream.ts';
import { LiveLine } from '../counter/live-line.ts';
import {
  type DisplayStart,
  type DisplayView,
  displayAfter,
  idleView,
  shownForMs,
} from './display-model.ts';
import { DisplayScreen } from './display-screen.tsx';

/** The display hears the till over the same live line; it shows, and asks nothing. */
function run(root: HTMLElement, start: DisplayStart): void {
  let view = idleView(start);
  let timer: ReturnType<typeof setTimeout> | undefined;
  const draw = (next: DisplayView) => {
    view = next;
    document.documentElement.lang = view.shown.language;
    render(<DisplayScreen view={view} />, root);
  };
  const show = (next: DisplayView) => {
    clearTimeout(timer);
    draw(next);
    const milliseconds = shownForMs(next);
    if (milliseconds === null) return;
    timer = setTimeout(() => draw({ ...idleView(start), line: view.line }), milliseconds);
  };
  const line = new LiveLine({
    open: (after, handlers) => openEventStream(start.terminalId, after, handlers),
    random: Math.random,
    // It starts from now; what was on it before is not for the next customer.
    memory: { read: () => null, write: () => {} },
    status: ({ kind }) => draw({ ...view, line: kind === 'lost' ? 'lost' : 'there' }),
    heard: (event) => show(displayAfter(view, event)),
    fell: () => void checkPairing(),
  });
  const checkPairing = async () => {
    const status = await fetch('/v1/tills/me').then(
      (response) => response.status,
      () => 0,
    );
    if (status !== 401) return;
    line.stop();
    draw({ ...idleView(start), line: 'ended' });
  };
  hydrate(<DisplayScreen view={view} />, root);
  wakeOnReturn(line);
  line.start();
}

const root = document.getElementById('page');
const data = document.getElementById('data')?.textContent;
if (root !== null && data) run(root, JSON.parse(data) as DisplayStart);
