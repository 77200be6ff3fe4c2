import type { ProblemText } from './model.ts';

/** Problems of the request itself: its form, its sender, its timing. */
export const requestProblems = {
  'invalid-request': {
    status: 422,
    title: { en: 'The request is not valid', 'zh-CN': '请求内容无效' },
    detail: {
      en: 'Some fields are missing or wrong. See "errors" for each of them.',
      'zh-CN': '部分字段缺失或有误，详见 "errors"。',
    },
  },
  'malformed-json': {
    status: 400,
    title: { en: 'The body is not JSON', 'zh-CN': '请求正文不是有效的 JSON' },
    detail: {
      en: 'Send one JSON object in UTF-8.',
      'zh-CN': '请发送一个 UTF-8 编码的 JSON 对象。',
    },
  },
  'unsupported-media-type': {
    status: 415,
    title: { en: 'The body must be JSON', 'zh-CN': '请求正文必须是 JSON' },
    detail: {
      en: 'Send the body with Content-Type: application/json.',
      'zh-CN': '请使用 Content-Type: application/json 发送。',
    },
  },
  'body-too-large': {
    status: 413,
    title: { en: 'The body is too large', 'zh-CN': '请求正文过大' },
    detail: {
      en: 'The body is larger than this call takes. Send less at a time.',
      'zh-CN': '请求正文超出此接口的上限，请分批发送。',
    },
  },
  'headers-too-large': {
    status: 431,
    title: { en: 'The headers are too large', 'zh-CN': '请求头过大' },
    detail: { en: 'Send shorter headers.', 'zh-CN': '请缩短请求头。' },
  },
  'malformed-http': {
    status: 400,
    title: { en: 'The request is not HTTP', 'zh-CN': '不是有效的 HTTP 请求' },
    detail: {
      en: 'The request could not be read. Check the client or the proxy in between.',
      'zh-CN': '无法读取该请求，请检查客户端或中间代理。',
    },
  },
  unauthenticated: {
    status: 401,
    title: { en: 'The caller is not known', 'zh-CN': '调用方身份未知' },
    detail: {
      en: 'Send "Authorization: Bearer" with a key that is valid and not revoked.',
      'zh-CN': '请在 "Authorization: Bearer" 中使用有效且未吊销的密钥。',
    },
  },
  forbidden: {
    status: 403,
    title: { en: 'The key may not do this', 'zh-CN': '该密钥无权执行此操作' },
    detail: {
      en: 'The key lacks the scope this call needs. Make a key with that scope.',
      'zh-CN': '该密钥缺少此接口所需的权限范围，请创建带有该权限的密钥。',
    },
  },
  'not-found': {
    status: 404,
    title: { en: 'There is no such thing', 'zh-CN': '未找到' },
    detail: {
      en: 'Nothing with this id is known, or it belongs to someone else.',
      'zh-CN': '不存在该标识的资源，或该资源不属于您。',
    },
  },
  'method-not-allowed': {
    status: 405,
    title: { en: 'The path does not know this method', 'zh-CN': '不支持该请求方法' },
    detail: {
      en: 'Use one of the methods that the header "Allow" names.',
      'zh-CN': '请改用响应头 "Allow" 中列出的方法。',
    },
  },
  'already-exists': {
    status: 409,
    title: { en: 'The id is taken', 'zh-CN': '该标识已被使用' },
    detail: {
      en: 'Something with this id exists already. Choose another id or change what is there.',
      'zh-CN': '该标识已存在，请更换标识或修改已有内容。',
    },
  },
  'idempotency-key-reused': {
    status: 422,
    title: { en: 'The idempotency key was used before', 'zh-CN': '幂等键已用于其他请求' },
    detail: {
      en: 'This Idempotency-Key came with another request. Use a new key for a new request.',
      'zh-CN': '该 Idempotency-Key 已用于内容不同的请求，新的请求请使用新的键。',
    },
  },
  'idempotency-key-invalid': {
    status: 400,
    title: { en: 'The idempotency key is not valid', 'zh-CN': '幂等键无效' },
    detail: {
      en: 'An Idempotency-Key has 1 to 255 printable characters.',
      'zh-CN': 'Idempotency-Key 须为 1 至 255 个可打印字符。',
    },
  },
  'tap-not-authenticated': {
    status: 401,
    title: { en: 'The tap is not authenticated', 'zh-CN': '碰一碰未通过验证' },
    detail: {
      en: 'Check the collector ID, the key version, the private key and "aud" of the terminal.',
      'zh-CN': '请检查终端的收款方 ID、密钥版本、私钥以及 "aud"。',
    },
  },
  'clock-skew': {
    status: 401,
    title: { en: 'The clock of the terminal is wrong', 'zh-CN': '终端时钟不准' },
    detail: {
      en: '"iat" must lie between 60 seconds before and 10 seconds after the server time given here. Set the clock and tap again.',
      'zh-CN': '"iat" 须在此处所示服务器时间之前 60 秒至之后 10 秒以内，请校准时钟后重试。',
    },
  },
  'tap-replayed': {
    status: 409,
    title: { en: 'This tap was sent before', 'zh-CN': '该次碰一碰已提交过' },
    detail: {
      en: 'The nonce "jti" was used before with this key. Sign every tap anew.',
      'zh-CN': '该密钥已使用过此 "jti"，每次碰一碰都须重新签名。',
    },
  },
  'presentation-expired': {
    status: 410,
    title: { en: 'The presentation is over', 'zh-CN': '出示已失效' },
    detail: {
      en: 'It was handed over already or its time ran out. Ask the member to tap once more.',
      'zh-CN': '该出示已使用或已超时，请会员再碰一次。',
    },
  },
  'selection-not-offered': {
    status: 409,
    title: { en: 'This pass is not among the choices', 'zh-CN': '该卡券不在可选范围内' },
    detail: {
      en: 'Pick one of the choices that the presentation shows.',
      'zh-CN': '请从出示页列出的卡券中选择。',
    },
  },
  'pass-already-held': {
    status: 409,
    title: { en: 'The pass is in another wallet', 'zh-CN': '该卡券已在其他卡包中' },
    detail: {
      en: 'The class of this pass allows one holder.',
      'zh-CN': '该类卡券只允许一名持有人。',
    },
  },
  'coupon-not-found': {
    status: 404,
    title: { en: 'No coupon has this code', 'zh-CN': '没有此券码' },
    detail: {
      en: 'Scan or type the code once more.',
      'zh-CN': '请重新扫描或输入券码。',
    },
  },
  'collector-not-found': {
    status: 404,
    title: { en: 'The collector ID is not known', 'zh-CN': '收款方 ID 未知' },
    detail: {
      en: "Use the collector ID of the till's own issuer.",
      'zh-CN': '请使用本收银台所属机构的收款方 ID。',
    },
  },
  overloaded: {
    status: 503,
    title: { en: 'The service is busy', 'zh-CN': '服务繁忙' },
    detail: {
      en: 'Nothing was changed. Try again in a moment.',
      'zh-CN': '未做任何更改，请稍后重试。',
    },
  },
  'too-many-claims': {
    status: 429,
    title: { en: 'Too many claims at once', 'zh-CN': '领取人数过多' },
    detail: {
      en: 'The line for claims is full. Nothing was changed. Try again in a second.',
      'zh-CN': '当前排队人数已满，未做任何更改，请稍后重试。',
    },
  },
  'outcome-unknown': {
    status: 503,
    title: { en: 'The outcome is not known', 'zh-CN': '结果未知' },
    detail: {
      en: 'The answer of the database was lost. Ask again with the same Idempotency-Key to learn the outcome.',
      'zh-CN': '数据库的应答丢失，请使用相同的 Idempotency-Key 重试以确认结果。',
    },
  },
  'internal-error': {
    status: 500,
    title: { en: 'Something went wrong here', 'zh-CN': '服务内部出错' },
    detail: {
      en: 'Nothing was changed. Tell the operator the request id.',
      'zh-CN': '未做任何更改，请将请求编号告知运维人员。',
    },
  },
} as const satisfies Record<string, ProblemText>;
