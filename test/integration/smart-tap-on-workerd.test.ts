import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { startPlainWorker } from '../support/edge-worker.ts';
import { vectorText } from '../support/smart-tap.ts';
import { smartTapSays, type Vector } from '../support/smart-tap-program.ts';

test('the library says the same of every vector in workerd as on Node', async () => {
  const file = new URL('../vectors/smart-tap.json', import.meta.url);
  const { vectors } = JSON.parse(readFileSync(file, 'utf8')) as { vectors: Vector[] };
  const here = await smartTapSays(vectors);
  expect(here).toMatchObject({
    signature: 'true',
    'signature of another': 'false',
    'aes key': vectorText('synthetic-plain', 'aes_key'),
    'hmac key': vectorText('synthetic-plain', 'hmac_key'),
    'tap with zlib': expect.stringMatching(/^passes first\|折扣\|x{600}$/),
    'tap without zlib': here['tap with zlib'],
  });
  const worker = await startPlainWorker(new URL('../support/smart-tap-worker.ts', import.meta.url));
  try {
    const response = await fetch(worker.url, { method: 'POST', body: JSON.stringify(vectors) });
    expect(await response.json()).toEqual(here);
  } finally {
    await worker.stop();
  }
});
