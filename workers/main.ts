import { runProcess } from '../src/entry/run-process.node.ts';
import { startWorkerProcess } from '../src/entry/worker-process.node.ts';

// `npm run workers`: workers only, beside API processes on the same PostgreSQL.
await runProcess(startWorkerProcess);
