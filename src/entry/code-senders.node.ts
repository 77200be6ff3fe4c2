import type { CodeSender } from '../members/code-sender.ts';
import { logCodes } from '../members/log-codes.ts';
import type { Config } from '../platform/config.ts';
import type { Log } from '../platform/log.ts';
import { gatewayCodes, toGateway } from './code-gateway.node.ts';

/** How a process with these settings brings one-time codes to phones. */
export function openCodeSender({ codes }: Pick<Config, 'codes'>, log: Log): CodeSender | null {
  if (codes === null) return null;
  return codes.kind === 'log' ? logCodes(log) : gatewayCodes(codes, toGateway(), log);
}
