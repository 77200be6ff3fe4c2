import { auditVerify } from './entry/audit-verify.node.ts';
import { openResources } from './entry/resources.node.ts';
import { runProcess } from './entry/run-process.node.ts';

const COMMANDS = `usage: npm run tapline -- <command>
  migrate   bring the database to the schema of this version
  audit verify [--head <position>:<hash>]
            check the audit against its chain, and the chain against a head that was published`;

const [command, ...args] = process.argv.slice(2);
const verify = command === 'audit' ? auditVerify(args) : null;

if (command === 'migrate') {
  await runProcess(async (context) => {
    const resources = await openResources(context);
    context.say('the database has the schema of this version');
    context.end(0);
    return { stop: resources.release };
  });
} else if (verify !== null) {
  await runProcess(verify);
} else {
  console.error(COMMANDS);
  process.exitCode = 2;
}
