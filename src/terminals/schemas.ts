import { z } from '@hono/zod-openapi';
import { displayText, int64Id } from '../http/schemas.ts';

/** What an issuer calls a store or a terminal of its own. */
export const localId = z
  .string()
  .regex(/^[A-Za-z0-9._-]{1,100}$/)
  .openapi({ example: 'harbour-street' });

const storeFields = { issuerId: int64Id, name: displayText(100) };
const terminalFields = { ...storeFields, storeId: localId };

/** Without an id one is made. */
export const StoreInput = z.strictObject({ id: localId.optional(), ...storeFields });
export const TerminalInput = z.strictObject({ id: localId.optional(), ...terminalFields });
export const StoreShape = z.object({ id: localId, ...storeFields }).openapi('Store');
export const TerminalShape = z.object({ id: localId, ...terminalFields }).openapi('Terminal');

export const StoreChange = z.strictObject({ name: displayText(100) });
export const TerminalChange = z
  .strictObject({ name: displayText(100).optional(), storeId: localId.optional() })
  .refine(({ name, storeId }) => name !== undefined || storeId !== undefined, {
    message: 'needs name or storeId',
    path: ['name'],
  });

/** Whose store or terminal is meant; its id alone names it only among those of its issuer. */
export const ofIssuer = {
  issuerId: int64Id.optional().openapi({
    description: "Without it the calling key's own issuer; root must give one.",
  }),
};
