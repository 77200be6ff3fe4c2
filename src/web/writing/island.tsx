import { hydrate, render } from 'preact';
import { encodeUriMessage } from '../../stands/ndef-rules.ts';
import { WritingDesk, type WritingLine } from './desk.ts';
import { obstacleOf, type Step } from './steps.ts';
import { hasWebNfc } from './web-nfc.ts';
import { WritingPage, type WritingStart } from './writing-page.tsx';

const start: WritingStart = JSON.parse(document.getElementById('data')?.textContent ?? '{}');
const root = document.getElementById('page');
const here = location.pathname;

const line: WritingLine = {
  report: async ({ serial, url }) => {
    const body = JSON.stringify({ serial, readBack: hexOf(encodeUriMessage(url)) });
    const headers = { 'Content-Type': 'application/json' };
    const request = { method: 'POST', headers, body };
    const answer = await fetch(`${here}/written`, request).catch(() => null);
    // A fault of the service passes like one of the line.
    if (answer === null || answer.status >= 500) return { what: 'unsent' };
    if (answer.ok) return { what: 'reported' };
    const { title = '', detail = '' } = await answer.json();
    return { what: 'refused', title, detail };
  },
  isVerified: async () => {
    const answer = await fetch(`${here}/state`);
    return answer.ok && (await answer.json()).state === 'verified';
  },
};

function hexOf(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

let step: Step = { at: 'preparing' };
let copied = false;

const desk = new WritingDesk(start.url, line, (now) => {
  step = now;
  draw();
});

/** Whose button is gone goes on at what is told now, and not at the top of the page. */
function draw(): void {
  if (root === null) return;
  const wasAtButton = document.activeElement?.closest('.buttons') != null;
  render(page(), root);
  const isLost = wasAtButton && document.activeElement === document.body;
  if (isLost) root.querySelector<HTMLElement>('.now')?.focus();
}

function page() {
  return <WritingPage start={start} step={step} copied={copied} tell={desk.tell} copy={copy} />;
}

/** Where a browser does not let pages copy, the link stands below the code. */
function copy(): void {
  void navigator.clipboard?.writeText(start.link).then(() => {
    copied = true;
    draw();
  });
}

if (root !== null) {
  hydrate(page(), root);
  const { userAgent } = navigator;
  const obstacle = obstacleOf({ userAgent, hasWebNfc: hasWebNfc(), isSecure: isSecureContext });
  desk.tell({ what: 'ready', obstacle });
  addEventListener('online', () => desk.tell({ what: 'send' }));
}
