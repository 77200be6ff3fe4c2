import { openEdgeDatabase } from '../platform/database.edge.ts';
import { createEdgeApp, type EdgeApp, type EdgeSettings } from './app.edge.ts';

interface Environment extends EdgeSettings {
  readonly HYPERDRIVE: { readonly connectionString: string };
}

interface Context {
  waitUntil(promise: Promise<unknown>): void;
}

/**
 * Apps that serve no request now. Routes are made for a service and a service holds a database,
 * which at the edge belongs to one request; making an app costs milliseconds, so each is used
 * again, by one request at a time. One whose request was cut off is not given back.
 */
const free: EdgeApp[] = [];

/** The API on Cloudflare Workers; the workers that decide claims and make clones run on Node. */
export default {
  async fetch(request: Request, env: Environment, context: Context): Promise<Response> {
    const app = free.pop() ?? createEdgeApp(env);
    const database = openEdgeDatabase(env.HYPERDRIVE.connectionString);
    let ended = Promise.resolve();
    try {
      const served = await app.serve(request, database);
      ended = served.ended;
      return served.response;
    } finally {
      const release = async () => {
        free.push(app);
        await database.close();
      };
      context.waitUntil(ended.then(release));
    }
  },
};
