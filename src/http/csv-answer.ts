import { utf8 } from '../platform/bytes.ts';
import { errorFacts, type Log } from '../platform/log.ts';
import type { AppContext } from './env.ts';

/** A file that is made while it is read, and no further than it is read. */
export interface CsvFile {
  readonly name: string;
  readonly pieces: AsyncGenerator<string, void>;
}

/**
 * Answers with a CSV file. A failure in the middle breaks the connection off, so that nobody takes
 * a part for the whole.
 */
export function csvAnswer(c: AppContext, log: Log, { name, pieces }: CsvFile): Response {
  const headers = {
    'Content-Type': 'text/csv; charset=UTF-8; header=present',
    'Content-Disposition': `attachment; filename="${name}"`,
    'Cache-Control': 'no-store',
  };
  if (c.req.method === 'HEAD') return c.body(null, 200, headers);
  const { stream, ended } = streamOf(pieces, (error) => {
    log.error('an export broke off', { requestId: c.get('requestId'), name, ...errorFacts(error) });
  });
  c.env?.answerLasts?.(ended);
  return c.body(stream, 200, headers);
}

function streamOf(
  pieces: AsyncGenerator<string, void>,
  onFailure: (error: unknown) => void,
): { readonly stream: ReadableStream<Uint8Array>; readonly ended: Promise<void> } {
  let end = () => {};
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  const stream = new ReadableStream<Uint8Array>(
    {
      pull: async (controller) => {
        try {
          const next = await pieces.next();
          if (!next.done) return controller.enqueue(utf8(next.value));
          controller.close();
        } catch (error) {
          onFailure(error);
          // The server prints it as it is, and the error itself may quote what nobody shall read.
          controller.error(new Error('the export broke off'));
        }
        end();
      },
      // The reader is gone: nothing more is read for it.
      cancel: async () => {
        await pieces.return();
        end();
      },
    },
    { highWaterMark: 0 },
  );
  return { stream, ended };
}
