import { z } from '@hono/zod-openapi';
import { int32, int64, kind, message, text, timeText, wireEnum } from './scalars.ts';
import { localizedString } from './text.ts';

const barcodeType = wireEnum(
  [
    'BARCODE_TYPE_UNSPECIFIED',
    'AZTEC',
    'CODE_39',
    'CODE_128',
    'CODABAR',
    'DATA_MATRIX',
    'EAN_8',
    'EAN_13',
    'ITF_14',
    'PDF_417',
    'QR_CODE',
    'UPC_A',
    'TEXT_ONLY',
  ],
  { EAN13: 'EAN_13', PDF417: 'PDF_417', qrcode: 'QR_CODE' },
);

const renderEncoding = wireEnum(['RENDER_ENCODING_UNSPECIFIED', 'UTF_8']);

const rendered = {
  type: barcodeType,
  renderEncoding,
  alternateText: text,
  showCodeText: localizedString,
};

export const barcode = message('Barcode', { kind, value: text, ...rendered });

const totpParameters = message('TotpParameters', {
  key: z.string().regex(/^(?:[0-9A-Fa-f]{2})*$/, 'must be base 16'),
  valueLength: int32,
});

const totpDetails = message('TotpDetails', {
  algorithm: wireEnum(['TOTP_ALGORITHM_UNSPECIFIED', 'TOTP_SHA1']),
  periodMillis: int64,
  parameters: z.array(totpParameters),
});

const rotatingBarcodeValues = message('RotatingBarcodeValues', {
  startDateTime: timeText,
  periodMillis: int64,
  values: z.array(text),
});

export const rotatingBarcode = message('RotatingBarcode', {
  ...rendered,
  valuePattern: text,
  totpDetails,
  initialRotatingBarcodeValues: rotatingBarcodeValues,
});
