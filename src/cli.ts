import { auditVerify } from './entry/audit-verify.node.ts';
import { UsageError } from './entry/options.node.ts';
import { parkedJobsCommand } from './entry/parked-jobs.node.ts';
import { openResources } from './entry/resources.node.ts';
import { runProcess } from './entry/run-process.node.ts';
import { smartTapDecode } from './entry/smart-tap-decode.node.ts';
import { smartTapTerminal } from './entry/smart-tap-terminal.node.ts';
import { smartTapWallet } from './entry/smart-tap-wallet.node.ts';
import type { ProcessContext, Start } from './entry/start.ts';

const USAGE = `usage: npm run tapline -- <command>
  migrate   bring the database to the schema of this version
  audit verify [--head <position>:<hash>]
            check the audit against its chain, and the chain against a head that was published
  jobs parked
            list the jobs that were given up, because they crashed or failed again and again
  jobs resume <id>|all
            have them begun again
  terminal  --url <service> --wallet <id> --api-key <key> | --phone <simulated phone>
            --collector <number> --key <file.pem> [--key-version <number>] [--terminal-id <id>]
            [--types loyalty,offer,…] [--pre-signed] [--no-zlib] [--second-select] [--stream S|K]
            [--push <uri>] [--within <seconds>]
            tap by Smart Tap, and tell every APDU
  wallet    --port <number> [--pass <type>:<value> …] [--locked] [--not-ready] [--choose]
            [--collector <number> --public-key <file.pem>] [--key-version <number>]
            [--max-response <bytes>]
            serve a simulated phone to terminals: POST /apdu in octets or hex, POST /reset
  decode    [<hex> …]
            explain APDUs, responses and NDEF messages, also from standard input`;

/** What a command is to do with its words; null, or a UsageError, when it cannot be called so. */
const COMMANDS: ReadonlyMap<string, (args: readonly string[]) => Start | null> = new Map([
  ['migrate', () => migrate],
  ['audit', auditVerify],
  ['jobs', parkedJobsCommand],
  ['terminal', smartTapTerminal],
  ['wallet', smartTapWallet],
  ['decode', smartTapDecode],
]);

const [command = '', ...args] = process.argv.slice(2);
const start = startOf();

if (start === null) {
  console.error(USAGE);
  process.exitCode = 2;
} else {
  await runProcess(start);
}

function startOf(): Start | null {
  try {
    return COMMANDS.get(command)?.(args) ?? null;
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    console.error(`${command}: ${error.message}\n`);
    return null;
  }
}

async function migrate(context: ProcessContext) {
  const resources = await openResources(context);
  context.say('the database has the schema of this version');
  context.end(0);
  return { stop: resources.release };
}
