/**
 * Google's Smart Tap 2.1, byte for byte, from both ends: codecs, cryptography, a terminal and a
 * wallet. It needs nothing of Tapline and runs on Node, workerd and in browsers.
 */
export {
  type CommandApdu,
  decodeCommand,
  decodeResponse,
  encodeCommand,
  encodeResponse,
  type ResponseApdu,
} from './apdu.ts';
export { decodeTlvs, encodeTlv, type Tlv } from './ber-tlv.ts';
export { concatBytes, fromHex, toHex } from './bytes.ts';
export {
  encodeSmartTapCommand,
  OSE_AID,
  SMART_TAP_2_AID,
  type SmartTapCommand,
  smartTapCommand,
} from './commands.ts';
export {
  type DescribedLine,
  describe,
  describeCommand,
  describeResponse,
  formatDescription,
} from './describe.ts';
export { SmartTapError, type SmartTapErrorCode } from './error.ts';
export { decodeNdef, encodeNdef, type NdefRecord, TNF, type Tnf } from './ndef.ts';
export { type KeyPair, noblePrimitives, type Primitives } from './primitives.ts';
export {
  type Asv,
  decodeBundle,
  encodeBundle,
  type I,
  ISSUER_TYPE,
  type ReadBundle,
  readBundle,
  type UnknownObject,
} from './records/bundle.ts';
export {
  PCR_CARDHOLDER_VERIFICATION,
  PCR_CHECKOUT,
  PCR_SYSTEM,
  PCR_TAP_MODE,
  PCR_USER_INTERFACE,
  type Pcr,
} from './records/capabilities.ts';
export { collectorIdBytes, collectorNumber } from './records/collector.ts';
export type { Cus } from './records/customer.ts';
export type { Mer } from './records/merchant.ts';
export {
  type Cpr,
  decodeNgr,
  decodeNrs,
  encodeNgr,
  encodeNrs,
  type Ngr,
  type Nrs,
  VERSION,
} from './records/negotiate.ts';
export { type Nsr, SERVICE_KIND } from './records/new-service.ts';
export {
  PRIMITIVE_FORMAT,
  type Primitive,
  type PrimitiveFormat,
  primitiveText,
  textPrimitive,
} from './records/primitive.ts';
export {
  type Bpr,
  decodePsr,
  decodeSpr,
  encodePsr,
  encodeSpr,
  type Psr,
  type Spr,
} from './records/push.ts';
export type { Reb } from './records/record-bundle.ts';
export {
  OBJECT_TYPES,
  type ObjectField,
  type ObjectType,
  type ServiceObject,
} from './records/service-object.ts';
export { decodeSrq, encodeSrq, SERVICE_TYPE, type Srq } from './records/service-request.ts';
export {
  decodeSrs,
  decodeSrsOrNothing,
  decodeWholeSrs,
  encodeSrs,
  type Srs,
} from './records/service-response.ts';
export {
  type Ssr,
  type Sug,
  type Sup,
  UPDATE_OPERATION,
  USAGE_STATUS,
} from './records/service-status.ts';
export { SES_STATUS, type Ses } from './records/session.ts';
export type { Text } from './records/text.ts';
export { plainText, type Value, valueText } from './records/value.ts';
export { MAX_BUNDLE_BYTES, openBundle, sealBundle } from './sealing.ts';
export {
  CAPABILITY,
  decodeOseAnswer,
  decodeSmartTapAnswer,
  encodeOseAnswer,
  encodeSmartTapAnswer,
  type OseAnswer,
  type SmartTapAnswer,
  TRANSACTION_MODE,
} from './select.ts';
export { deriveSessionKeys, type KeyContext, type SessionKeys } from './session-keys.ts';
export {
  type Negotiation,
  preSigned,
  signedBlob,
  signNegotiation,
  verifyNegotiation,
} from './signature.ts';
export { type StatusClass, SW, statusClass, statusMeaning } from './status-words.ts';
export { createTerminal, type Terminal } from './terminal.ts';
export type { Exchange, Transceive } from './terminal-link.ts';
export type {
  TerminalKey,
  TerminalMerchant,
  TerminalOptions,
  TerminalPush,
} from './terminal-options.ts';
export type {
  PushResult,
  ReadResult,
  TapResult,
  TapStatus,
  TerminalCustomer,
  TerminalPass,
  TerminalSession,
} from './terminal-result.ts';
export type { CommandStream } from './terminal-sequence.ts';
export { createWallet, type HandledCommand, handleCommand, type Wallet } from './wallet.ts';
export {
  MAX_RESPONSE_BYTES,
  type PassDecision,
  type PassRequest,
  type WalletCustomer,
  type WalletOptions,
  type WalletPass,
  type WalletPush,
} from './wallet-options.ts';
export { type Authentication, openTap, type WalletSession, type WalletTap } from './wallet-tap.ts';
