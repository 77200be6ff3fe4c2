/** The console's link carries the code behind the hash, where no server and no log sees it. */
const code = /^#([0-9]{6})$/.exec(location.hash)?.[1];
const field = document.querySelector<HTMLInputElement>('#code');

if (code !== undefined && field !== null) {
  field.value = code;
  history.replaceState(null, '', location.pathname + location.search);
  document.querySelector<HTMLButtonElement>('button[type=submit]')?.focus();
}
