import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import Provider from 'oidc-provider';

export const CLIENT = { clientId: 'tapline', clientSecret: 'a-secret-of-the-tests-and-no-other' };

/** A certified OpenID provider on this machine, with people who sign in by their name. */
export async function startOpenIdProvider(redirectUri: string) {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: CLIENT.clientId,
        client_secret: CLIENT.clientSecret,
        redirect_uris: [redirectUri],
      },
    ],
    claims: { openid: ['sub'], profile: ['nickname'] },
    findAccount: (_context: unknown, id: string) => ({
      accountId: id,
      claims: () => ({ sub: id, nickname: `nick of ${id}` }),
    }),
    pkce: { required: () => true },
    features: { devInteractions: { enabled: true } },
    cookies: { keys: ['of-the-tests'] },
  });
  server.on('request', provider.callback());
  return {
    issuer,
    stop: () =>
      new Promise<void>((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

/** Goes through the provider's pages as a person does; gives where it sends the browser back. */
export async function signInAs(person: string, address: string, backTo: string): Promise<URL> {
  const cookies = new Map<string, string>();
  let url = new URL(address);
  let form: Record<string, string> | null = null;
  for (let step = 0; step < 12; step++) {
    const answer: Response = await fetch(url, {
      redirect: 'manual',
      headers: {
        cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; '),
        ...(form !== null && { 'content-type': 'application/x-www-form-urlencoded' }),
      },
      ...(form !== null && { method: 'POST', body: new URLSearchParams(form).toString() }),
    });
    for (const set of answer.headers.getSetCookie()) {
      const [pair = ''] = set.split(';');
      const at = pair.indexOf('=');
      cookies.set(pair.slice(0, at), pair.slice(at + 1));
    }
    const location = answer.headers.get('location');
    form = null;
    if (location !== null) {
      url = new URL(location, url);
      if (url.href.startsWith(backTo)) return url;
      continue;
    }
    const text = await answer.text();
    const prompt = /name="prompt" value="(\w+)"/.exec(text)?.[1];
    if (prompt === undefined) throw new Error(`the provider answered ${answer.status}: ${text}`);
    form = prompt === 'login' ? { prompt, login: person, password: 'x' } : { prompt };
  }
  throw new Error('the provider goes round in circles');
}
