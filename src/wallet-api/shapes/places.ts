import { z } from '@hono/zod-openapi';
import { kind, message } from './scalars.ts';

const latitude = z.number().min(-90).max(90);
const longitude = z.number().min(-180).max(180);

export const locations = z.array(message('LatLongPoint', { kind, latitude, longitude }));

export const merchantLocations = z
  .array(message('MerchantLocation', { latitude, longitude }))
  .max(10);
