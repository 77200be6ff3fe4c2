import { runProcess } from './run-process.node.ts';
import { startService } from './service.node.ts';

// `npm start`: API and workers in one process; `npm run api`: the API alone.
const workers = !process.argv.includes('--api-only');

await runProcess(async (context) => {
  const { config, say } = context;
  const service = await startService({ ...context, workers });
  say(`Tapline listens on ${service.url} as ${service.origin}`);
  if (config.rootKey === null) say('TAPLINE_ROOT_KEY is not set: there is no root caller');
  return service;
});
