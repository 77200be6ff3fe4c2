/**
 * Not needed: the page's forms do all of it. The script gives the page the address of its session,
 * so that reloading it is no new touch, and answers a claim without a new page.
 */
interface Start {
  readonly path: string;
  readonly notSent: string;
}

interface Answered {
  readonly status?: string | number;
  readonly label?: string;
  readonly title?: string;
  readonly detail?: string;
}

const start: Start = JSON.parse(document.getElementById('data')?.textContent ?? '{}');
const told = document.getElementById('told');

history.replaceState(null, '', start.path);

document.addEventListener('submit', (event) => {
  const form = event.target as HTMLFormElement;
  if (!form.hasAttribute('data-claim')) return;
  event.preventDefault();
  const button = form.querySelector('button');
  if (button === null || button.disabled) return;
  button.disabled = true;
  button.setAttribute('aria-busy', 'true');
  send(form)
    .then((answer) => show(form, button, answer))
    .catch(() => {
      tell('bad', '', start.notSent);
      free(button);
    });
});

function send(form: HTMLFormElement): Promise<Answered> {
  const fields = new URLSearchParams();
  new FormData(form).forEach((value, name) => {
    fields.append(name, String(value));
  });
  const headers = { Accept: 'application/json' };
  return fetch(form.action, { method: 'POST', headers, body: fields }).then((response) =>
    response.json(),
  );
}

function show(form: HTMLFormElement, button: HTMLButtonElement, answer: Answered): void {
  const { status, label, title = '', detail = '' } = answer;
  const isGood = status === 'issued' || status === 'pending';
  if (isGood && form.getAttribute('data-claim') === 'all') {
    location.reload();
    return;
  }
  tell(isGood ? 'good' : 'bad', title, detail);
  // What the rules refuse they refuse again; anything else may be tried once more.
  if (!isGood && status !== 409) {
    free(button);
    return;
  }
  const state = document.createElement('p');
  state.className = isGood ? 'done' : 'state';
  state.textContent = label ?? title;
  form.replaceWith(state);
  told?.focus();
}

function free(button: HTMLButtonElement): void {
  button.disabled = false;
  button.removeAttribute('aria-busy');
}

function tell(kind: 'good' | 'bad', title: string, detail: string): void {
  const line = document.createElement('p');
  const strong = document.createElement('strong');
  line.className = `notice ${kind}`;
  strong.textContent = title;
  line.append(strong, ` ${detail}`);
  if (told === null) return;
  told.textContent = '';
  told.append(line);
}
