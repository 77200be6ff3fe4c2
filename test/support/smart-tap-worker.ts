import { smartTapSays, type Vector } from './smart-tap-program.ts';

/** The program in workerd: the vectors come as the body, what the library says goes back. */
export default {
  async fetch(request: Request): Promise<Response> {
    return Response.json(await smartTapSays((await request.json()) as Vector[]));
  },
};
