/** Tells when this till is open in another window of this browser as well; both may go on. */
export function otherWindows(name: string, found: () => void): void {
  if (typeof BroadcastChannel === 'undefined') return;
  const channel = new BroadcastChannel(name);
  channel.onmessage = ({ data }) => {
    found();
    if (data === 'opened') channel.postMessage('also here');
  };
  channel.postMessage('opened');
}
