import { createRoute, z } from '@hono/zod-openapi';
import { callerWith, isStillKnown } from '../http/authentication.ts';
import { problemResponses } from '../http/documentation.ts';
import type { AppContext } from '../http/env.ts';
import { eventStream, serverSentEvent } from '../http/event-stream.ts';
import { newRouter, type Router } from '../http/router.ts';
import type { Service } from '../http/service.ts';
import { ProblemError } from '../problems/answer.ts';
import { issuerNamed } from '../terminals/issuer-named.ts';
import { localId, ofIssuer } from '../terminals/schemas.ts';
import { openLine, type Said } from './live-line.ts';

const number = z
  .string()
  .regex(/^[0-9]{1,15}$/)
  .optional();

const events = createRoute({
  method: 'get',
  path: '/v1/terminals/{id}/events',
  operationId: 'listenToTerminal',
  tags: ['Counter'],
  summary: 'The live line of a terminal',
  description:
    'Server-sent events. `hello` comes first: the time, the number of the last event, and how often `beat` comes when there is nothing to tell. Then each event after `after`, or after `Last-Event-ID`, once and in order; without either only those that are still to come. `id` is the event’s number, `event` its kind, `data` a CounterEvent. The line ends when the till is unpaired; whoever comes back with the last number misses nothing. Events are kept for 7 days.',
  request: {
    params: z.object({ id: localId }),
    query: z.object({
      ...ofIssuer,
      after: number.openapi({ description: 'The number of the last event that was heard.' }),
    }),
    headers: z.object({ 'last-event-id': number }),
  },
  responses: {
    200: {
      description: 'The line.',
      content: { 'text/event-stream': { schema: z.string() } },
    },
    ...problemResponses('not-found'),
  },
});

/** What happens at a terminal, told while it happens. */
export function lineRoutes(service: Service): Router {
  const router = newRouter();

  router.openapi(events, async (c) => {
    const caller = callerWith(c, 'terminals:read');
    const { issuerId, after } = c.req.valid('query');
    const terminal = {
      issuerId: issuerNamed(caller, issuerId),
      terminalId: c.req.valid('param').id,
    };
    // A browser that comes back by itself names the address of its first call.
    const numbers = [after, c.req.valid('header')['last-event-id']].flatMap((text) =>
      text === undefined ? [] : [Number(text)],
    );
    const from = numbers.length === 0 ? null : Math.max(...numbers);
    const line = await openLine(portsOf(c, service), caller, terminal, from);
    if (line === null) throw new ProblemError('not-found');
    return eventStream(c, service, (signal) => written(line(signal))) as never;
  });

  return router;
}

function portsOf(c: AppContext, service: Service) {
  return {
    reads: service.database.reads,
    single: service.database.single,
    bells: service.bells,
    letGo: async () => c.env?.letGo?.(),
    isStillKnown: () => isStillKnown(c, service),
  };
}

async function* written(line: AsyncGenerator<readonly Said[], void>): AsyncGenerator<string, void> {
  for await (const said of line) yield said.map(asMessage).join('');
}

function asMessage(said: Said): string {
  if (said.kind === 'hello') return serverSentEvent('hello', said.hello);
  if (said.kind === 'beat') return serverSentEvent('beat', {});
  const { event } = said;
  return serverSentEvent(event.kind, event, event.number);
}
