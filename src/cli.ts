import { openResources } from './entry/resources.node.ts';
import { runProcess } from './entry/run-process.node.ts';

const COMMANDS = `usage: npm run tapline -- <command>
  migrate   bring the database to the schema of this version`;

const [command] = process.argv.slice(2);

if (command === 'migrate') {
  await runProcess(async ({ config, log, say }) => {
    const resources = await openResources(config, log, say);
    say('the database has the schema of this version');
    await resources.release();
    return { stop: async () => {} };
  });
} else {
  console.error(COMMANDS);
  process.exitCode = 2;
}
