import { hydrate, render } from 'preact';
import type { CounterEvent, TillFace } from '../../counter/model.ts';
import type { Locale } from '../../problems/model.ts';
import type { CounterTexts } from '../texts/counter.ts';
import { type Templates, textsFrom } from '../ui/templates.ts';
import { CashDesk } from './cash-desk.ts';
import { chime } from './chime.ts';
import { perform } from './deeds.ts';
import { openEventStream, wakeOnReturn } from './event-stream.ts';
import { listenToKeys } from './keyboard.ts';
import { LiveLine } from './live-line.ts';
import { type Reading, readingsOf } from './omnibox.ts';
import { otherWindows } from './other-windows.ts';
import { RedemptionQueue } from './queue.ts';
import { Screen } from './screen.tsx';
import { browserShelf, keepPreferences, numberMemory, readPreferences } from './shelf.ts';
import { TillDesk } from './till.ts';
import { fetchTillApi } from './till-api.ts';
import { isThere } from './till-facts.ts';
import type { LineStatus } from './till-model.ts';
import { initialState } from './till-state.ts';
import { type Act, PREFERENCES, type Preferences, type View } from './view.ts';

/** By then the page stands, and the other language is no hurry. */
const SETTLED_MS = 2_000;

/** What waits though the line is there is tried again so often. */
const UPLOAD_SECONDS = 10;

interface Start {
  readonly till: TillFace;
  readonly locale: Locale;
  readonly billId: string;
  readonly texts: Templates;
}

/** The page as it runs in the browser: what the desk does, drawn again whenever it changed. */
class CounterPage {
  readonly #root: HTMLElement;
  readonly #shelf = browserShelf();
  readonly #desk: TillDesk;
  readonly #cash: CashDesk;
  readonly #line: LiveLine;
  #locale: Locale;
  /** By language; the other one is asked for once the page stands. */
  readonly #texts = new Map<Locale, CounterTexts>();
  #preferences = readPreferences(this.#shelf);
  #text = '';
  #alsoOpen = false;

  constructor(root: HTMLElement, { till, locale, billId, texts }: Start) {
    this.#root = root;
    this.#locale = locale;
    this.#texts.set(locale, textsFrom(texts));
    const { terminalId, issuerId } = till;
    const place = `${issuerId}.${terminalId}`;
    const line = new LiveLine({
      open: (after, handlers) => openEventStream(terminalId, after, handlers),
      random: Math.random,
      memory: numberMemory(this.#shelf, `tapline.line.${place}`),
      status: (status) => this.#lineIs(status),
      heard: (event, fresh) => this.#heard(event, fresh),
      fell: () => void this.#desk.checkPairing(),
    });
    const api = fetchTillApi(terminalId, () => this.#locale);
    const queue = new RedemptionQueue(this.#shelf, `tapline.queue.${place}`);
    this.#line = line;
    this.#desk = new TillDesk(till, billId, {
      api,
      queue,
      line,
      language: () => this.#locale,
      newId,
      changed: () => this.#draw(),
      focus: focusOn,
    });
    this.#cash = new CashDesk(this.#desk);
    // First just as the server drew it, then with what this browser keeps.
    const drawn = { state: initialState(till, billId), preferences: PREFERENCES };
    hydrate(<Screen view={{ ...this.#view(), ...drawn }} />, root);
    this.#draw();
    this.#listen(place);
  }

  #listen(place: string): void {
    wakeOnReturn({
      retry: () => {
        this.#line.retry();
        void this.#desk.pairedAgain();
      },
      cut: () => this.#line.cut(),
    });
    listenToKeys({
      oneCharacter: () => this.#preferences.oneCharacterKeys,
      command: (command) => this.#act(command),
      scanned: (text) => this.#scanned(text),
      entry: () =>
        this.#desk.state.bill.totalMinor === null ? document.getElementById('omnibox') : null,
    });
    otherWindows(`tapline.till.${place}`, () => {
      this.#alsoOpen = true;
      this.#draw();
    });
    // Another window of this till has changed what waits.
    addEventListener('storage', () => this.#cash.queueChanged());
    setInterval(() => this.#tick(), 1000);
    focusOn('omnibox');
    this.#desk.start();
    void this.#cash.upload();
    setTimeout(() => void this.#fetchTexts(otherThan(this.#locale)), SETTLED_MS);
  }

  /** Only what counts down needs to be drawn by the clock. */
  #tick(): void {
    const { line, undo, queue } = this.#desk.state;
    const waits = isThere(line) && queue.some(({ conflict }) => conflict === null);
    if (waits && Math.floor(Date.now() / 1000) % UPLOAD_SECONDS === 0) void this.#cash.upload();
    if (line.kind === 'lost' || undo?.kind === 'redemption') this.#draw();
  }

  #lineIs(status: LineStatus): void {
    const wasThere = isThere(this.#desk.state.line);
    this.#desk.dispatch({ type: 'line', status });
    if (isThere(status) && !wasThere) void this.#cash.upload();
  }

  #heard(event: CounterEvent, fresh: boolean): void {
    this.#desk.dispatch({ type: 'heard', event, fresh });
    if (event.kind === 'tap' && this.#preferences.sound) chime();
  }

  #view(): View {
    const { state } = this.#desk;
    return {
      state,
      locale: this.#locale,
      t: this.#t(),
      preferences: this.#preferences,
      text: this.#text,
      now: Date.now(),
      alsoOpen: this.#alsoOpen,
      act: (act) => this.#act(act),
    };
  }

  #draw(): void {
    render(<Screen view={this.#view()} />, this.#root);
  }

  #act(act: Act): void {
    if (act.kind === 'text') this.#type(act.text);
    else if (act.kind === 'enter') this.#enter(act.reading);
    else if (act.kind === 'omnibox') focusOn('omnibox');
    // What was typed goes first.
    else if (act.kind === 'back' && this.#text !== '') this.#type('');
    else if (act.kind === 'prefer') this.#prefer(act.preferences);
    else if (act.kind === 'language') void this.#switchLanguage();
    else perform({ desk: this.#desk, cash: this.#cash }, act);
  }

  #type(text: string): void {
    this.#text = text;
    this.#draw();
  }

  #prefer(preferences: Preferences): void {
    this.#preferences = preferences;
    keepPreferences(this.#shelf, preferences);
    this.#draw();
  }

  /** An empty field means the bill as it stands. */
  #enter(chosen: Reading | null): void {
    const [first] = readingsOf(this.#text, this.#desk.state.mode === 'lookup');
    const reading = chosen ?? first;
    this.#type('');
    if (reading !== undefined) void this.#desk.enter(reading);
    else void this.#cash.redeem();
  }

  /** A scanner types into whatever has the focus; there it is taken out again. */
  #scanned(text: string): void {
    if (this.#text.endsWith(text)) this.#type(this.#text.slice(0, -text.length));
    const [reading] = readingsOf(text, text.length > 6 || this.#desk.state.mode === 'lookup');
    if (reading !== undefined) void this.#desk.enter(reading);
  }

  #t(): CounterTexts {
    const texts = this.#texts.get(this.#locale);
    if (texts === undefined) throw new Error('the page came with its texts');
    return texts;
  }

  async #fetchTexts(locale: Locale): Promise<void> {
    if (this.#texts.has(locale)) return;
    const response = await fetch(`/counter/texts/${locale}`).catch(() => null);
    if (response?.ok) this.#texts.set(locale, textsFrom((await response.json()) as Templates));
  }

  async #switchLanguage(): Promise<void> {
    const locale = otherThan(this.#locale);
    await this.#fetchTexts(locale);
    if (!this.#texts.has(locale)) return this.#desk.say({ kind: 'unreachable' });
    this.#locale = locale;
    document.documentElement.lang = locale;
    document.title = this.#t().titleAt(this.#desk.state.till.terminalName);
    // biome-ignore lint/suspicious/noDocumentCookie: tills run browsers without a cookie store
    document.cookie = `tapline_language=${locale}; path=/; max-age=31536000`;
    this.#draw();
    this.#desk.languageChanged();
  }
}

function otherThan(locale: Locale): Locale {
  return locale === 'en' ? 'zh-CN' : 'en';
}

/** Also where there is no `randomUUID`, on a shop's network without TLS. */
function newId(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))]
    .map((byte) => byte.toString(16).padStart(2, '0'))
    .join('');
}

function focusOn(name: string): void {
  // After the screen is drawn, where what gets the focus may only come to be.
  setTimeout(() => document.querySelector<HTMLElement>(`[data-focus="${name}"]`)?.focus());
}

const root = document.getElementById('page');
const data = document.getElementById('data')?.textContent;
if (root !== null && data) new CounterPage(root, JSON.parse(data) as Start);
