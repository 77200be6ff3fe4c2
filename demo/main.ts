import { randomBytes } from 'node:crypto';
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startService } from '../src/entry/service.node.ts';
import { readConfig } from '../src/platform/config.ts';
import { openLog } from '../src/platform/log.node.ts';
import { caller } from './client.ts';
import { loadMerchants, type Merchants } from './merchants.ts';
import { type Member, playStory } from './story.ts';
import { Teller } from './teller.ts';

// `npm run demo`: the whole service, the coffee merchants and their story; then it stays up.
// With `-- --exit` it leaves after the story.
const config = readConfig({
  ...process.env,
  TAPLINE_ROOT_KEY: process.env.TAPLINE_ROOT_KEY || randomBytes(24).toString('base64url'),
});
const say = (line: string) => console.log(line);

const service = await startService({ config, log: openLog('warn'), say, workers: true }).catch(
  (error: NodeJS.ErrnoException) => {
    console.error(`The demo does not start: ${reason(error)}`);
    process.exit(1);
  },
);
const teller = new Teller();
try {
  const root = caller(service.url, config.rootKey);
  const merchants = await loadMerchants(service.url, root);
  const member = await playStory({ service, root, merchants, teller });
  console.log(`\nAll ${teller.steps} steps came out as told.`);
  if (process.argv.includes('--exit')) await service.stop();
  else await stayUp(merchants, member);
} catch (error) {
  console.error(`\nThe demo failed: ${error instanceof Error ? error.message : error}`);
  process.exitCode = 1;
  await service.stop();
}

function reason(error: NodeJS.ErrnoException): string {
  if (error.code !== 'EADDRINUSE') return error.message;
  return `port ${config.port} is taken; set PORT to another`;
}

async function stayUp(merchants: Merchants, member: Member): Promise<void> {
  const folder = await keepTerminalKeys(merchants);
  const keys = Object.values(merchants).map(({ name, apiKey }) => `  ${name.padEnd(12)} ${apiKey}`);
  say(`
It stays up until Ctrl-C. Look around:
  ${service.url}/readyz, /metrics, /openapi.yaml, /.well-known/jwks.json
  ${member.name}'s wallet: ${member.walletId}
API keys (Authorization: Bearer …), made anew at every demo:
${keys.join('\n')}
  ${'root'.padEnd(12)} ${config.rootKey}
The terminals' private keys are in ${folder}.
Try: curl -H 'Authorization: Bearer ${config.rootKey}' ${service.url}/v1/wallets/${member.walletId}/coupons`);
  const stop = () => void service.stop();
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
}

async function keepTerminalKeys(merchants: Merchants): Promise<string> {
  const folder = join(config.dataDir, 'demo');
  await mkdir(folder, { recursive: true, mode: 0o700 });
  for (const { id, privateKeyPem } of Object.values(merchants)) {
    const file = join(folder, `${id}.private.pem`);
    await writeFile(file, privateKeyPem);
    await chmod(file, 0o600);
  }
  return folder;
}
