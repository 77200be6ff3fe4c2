import { randomBytes } from 'node:crypto';
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runProcess } from '../src/entry/run-process.node.ts';
import { type RunningService, startService } from '../src/entry/service.node.ts';
import type { ProcessContext } from '../src/entry/start.ts';
import type { CodeSender } from '../src/members/code-sender.ts';
import { toBase64 } from '../src/platform/bytes.ts';
import { openLog } from '../src/platform/log.node.ts';
import { readOrMakeSecretKey } from '../src/platform/secret-key.node.ts';
import { caller } from './client.ts';
import { type Counter, playCounter } from './counter.ts';
import { loadMerchants, type Merchants } from './merchants.ts';
import { type Member, playStory } from './story.ts';
import { Teller } from './teller.ts';

// `npm run demo`: the whole service, the coffee merchants and their story; then it stays up.
// With `-- --exit` it leaves after the story.
const TAPLINE_ROOT_KEY = process.env.TAPLINE_ROOT_KEY || randomBytes(24).toString('base64url');
const TAPLINE_SECRET_KEY = process.env.TAPLINE_SECRET_KEY || (await ownSecretKey(process.env));
const env = { ...process.env, TAPLINE_ROOT_KEY, TAPLINE_SECRET_KEY };
const options = { env, log: openLog('warn') };

/** One-time codes go to the screen, where who plays the member reads them. */
const codes: string[] = [];
const codeSender: CodeSender = {
  send: async ({ phone, code }) => {
    codes.push(code);
    console.log(`      a code for ${phone.slice(0, -8)}****${phone.slice(-4)}: ${code}`);
  },
};

await runProcess(async (context) => {
  const service = await startService({ ...context, workers: true, codeSender });
  void play(service, context);
  return service;
}, options);

/** On a server of its own choice the service has no key for phone numbers; a demo keeps one. */
async function ownSecretKey({
  DATABASE_URL,
  TAPLINE_DATA_DIR = '.tapline',
}: NodeJS.ProcessEnv): Promise<string | undefined> {
  if (!DATABASE_URL) return undefined;
  await mkdir(TAPLINE_DATA_DIR, { recursive: true, mode: 0o700 });
  return toBase64(await readOrMakeSecretKey(TAPLINE_DATA_DIR));
}

/** Beside the service, so that a signal in the middle of the story stops both. */
async function play(service: RunningService, context: ProcessContext): Promise<void> {
  const { config, say, end, ending } = context;
  const teller = new Teller();
  try {
    const root = caller(service.url, config.rootKey);
    const merchants = await loadMerchants(service.url, root);
    const member = await playStory({ service, root, merchants, teller });
    const counter = await playCounter({
      url: service.url,
      foo: merchants.coffeeFoo,
      teller,
      lastCode: () => codes.at(-1) ?? '',
    });
    say(`\nAll ${teller.steps} steps came out as told.`);
    if (process.argv.includes('--exit')) end(0);
    else await inviteToLook(service, context, { merchants, member, counter });
  } catch (error) {
    if (ending.aborted) return;
    console.error(`\nThe demo failed: ${error instanceof Error ? error.message : error}`);
    end(1);
  }
}

async function inviteToLook(
  service: RunningService,
  { config, say }: ProcessContext,
  { merchants, member, counter }: { merchants: Merchants; member: Member; counter: Counter },
): Promise<void> {
  const folder = await keepTerminalKeys(config.dataDir, merchants);
  const keys = Object.values(merchants).map(({ name, apiKey }) => `  ${name.padEnd(12)} ${apiKey}`);
  say(`
It stays up until Ctrl-C. Open both side by side, then load the member's again to tap:
  the till           ${await counter.newPairingUrl()}
  a member's phone   ${counter.standUrl}
  One-time codes for phones are printed here.
Look around:
  ${service.url}/readyz, /metrics, /openapi.yaml, /.well-known/jwks.json
  ${member.name}'s wallet: ${member.walletId}
API keys (Authorization: Bearer …), made anew at every demo:
${keys.join('\n')}
  ${'root'.padEnd(12)} ${config.rootKey}
The terminals' private keys are in ${folder}.
Try: curl -H 'Authorization: Bearer ${config.rootKey}' ${service.url}/v1/wallets/${member.walletId}/coupons`);
}

async function keepTerminalKeys(dataDir: string, merchants: Merchants): Promise<string> {
  const folder = join(dataDir, 'demo');
  await mkdir(folder, { recursive: true, mode: 0o700 });
  for (const { id, privateKeyPem } of Object.values(merchants)) {
    const file = join(folder, `${id}.private.pem`);
    await writeFile(file, privateKeyPem);
    await chmod(file, 0o600);
  }
  return folder;
}
