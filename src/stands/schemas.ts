import { z } from '@hono/zod-openapi';
import { displayText, idOf, instant, int64Id, resourceId } from '../http/schemas.ts';
import { STAND_STATES, STAND_TAGS, type Stand } from './model.ts';

const terminalId = z
  .string()
  .regex(/^[A-Za-z0-9._-]{1,100}$/)
  .openapi({ example: 'till-1' });

/** Its own id is the issuer's to choose, as of classes; without one it is made. */
export const standId = z
  .union([idOf('std'), resourceId])
  .openapi({ type: 'string', example: 'std_01jd8q6y0v5f3t9n2k4c7h8wdz' });

const tagKey = z
  .string()
  .regex(/^[0-9A-Fa-f]{32}$/, 'must be 32 hexadecimal digits')
  .openapi({ example: '42aff114f2cb3b6141be6dc95dfc5416' });

export const StandInput = z
  .strictObject({
    id: resourceId.optional(),
    issuerId: int64Id,
    name: displayText(100),
    tag: z.enum(STAND_TAGS),
    terminalId: terminalId.optional(),
    keys: z
      .strictObject({ meta: tagKey, file: tagKey })
      .optional()
      .openapi({ description: 'Of an NTAG 424 DNA, and only then. Never shown again.' }),
  })
  .superRefine(({ id, issuerId, tag, keys }, context) => {
    const flaw = (field: string, message: string) =>
      context.addIssue({ code: 'custom', path: [field], message });
    if ((tag === 'ntag424') !== (keys !== undefined)) flaw('keys', 'are for ntag424, and needed');
    if (id !== undefined && id.split('.')[0] !== issuerId) flaw('id', 'must begin with issuerId');
  });

export const StandChangeInput = z
  .strictObject({
    name: displayText(100).optional(),
    terminalId: terminalId.nullable().optional().openapi({
      description: 'Null: it stands at no till. Links for writing its tag end.',
    }),
    state: z.enum(['in-use', 'retired']).optional().openapi({
      description: '`in-use` puts a retired or locked stand back as it was.',
    }),
  })
  .refine((asked) => Object.keys(asked).length > 0, 'must change something');

export const StandShape = z
  .object({
    id: standId,
    issuerId: int64Id,
    code: z.string().openapi({ example: '7Q2M9K4D0V', description: 'Its tag’s address ends so.' }),
    terminalId: terminalId.nullable(),
    name: z.string(),
    tag: z.enum(STAND_TAGS),
    state: z.enum(STAND_STATES),
    serial: z.string().nullable().openapi({
      description: 'What a writing phone read as the serial number of the tag.',
      example: '04:5f:1e:92:6b:12:90',
    }),
    writtenAt: instant.nullable(),
    verifiedAt: instant.nullable().openapi({ description: 'When it was first touched after.' }),
    createdAt: instant,
  })
  .openapi('Stand');

const offset = z.number().int();

export const TagShape = z
  .object({
    url: z.string().openapi({ example: 'https://tapline.example.com/t/7Q2M9K4D0V' }),
    ndef: z.string().openapi({
      description: 'The NDEF message, one URI record, as hexadecimal digits.',
    }),
    bytes: z.number().int().openapi({ description: 'Of the tag’s memory, with what wraps it.' }),
    fits: z.array(z.string()).openapi({ example: ['NTAG213', 'NTAG215', 'NTAG216'] }),
    sdm: z
      .object({ piccDataOffset: offset, macInputOffset: offset, macOffset: offset })
      .nullable()
      .openapi({
        description:
          'Where an NTAG 424 DNA mirrors into its NDEF file; counted from its first byte, the two of its length included.',
      }),
  })
  .openapi('StandTag');

export const WriteLinkShape = z
  .object({
    url: z.string().nullable().openapi({
      description: 'Null in the answer to a retry under the same Idempotency-Key.',
      example: 'https://tapline.example.com/w/Zk2vX0cX8bQm3nT1yH5sW9aLrU7dPq4e',
    }),
    expiresAt: instant,
  })
  .openapi('StandWriteLink');

export function shownStand({ writtenAt, verifiedAt, createdAt, ...stand }: Stand) {
  return {
    ...stand,
    writtenAt: writtenAt?.toISOString() ?? null,
    verifiedAt: verifiedAt?.toISOString() ?? null,
    createdAt: createdAt.toISOString(),
  };
}
