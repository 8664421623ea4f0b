/**
 * The errors of the v2 API: one table, from which the answers are made (`problems.ts`), the document `docs/errors.md` and the
 * OpenAPI description. A code is never renamed, and never used for something else.
 */

import { ENDPOINTS_MAX } from '../../core/limits.ts';
import { PEOPLE_PROBLEMS } from './people-problems.ts';
import type { Row } from './problem-row.ts';

export const PROBLEMS = {
  invalid_request: {
    status: 400,
    en: 'The request is not as it should be.',
    zh: '请求参数有误。',
    when: {
      en: 'A field is missing, unknown or breaks its rule; `field` names it, `detail` the rule.',
      zh: '字段缺失、未知或不合规则；`field` 给出字段，`detail` 给出规则。',
    },
  },
  malformed_json: {
    status: 400,
    en: 'The body is not valid JSON.',
    zh: '请求体不是有效的 JSON。',
    when: {
      en: 'The body cannot be parsed, or is empty where one is needed.',
      zh: '请求体无法解析，或需要请求体而为空。',
    },
  },
  idempotency_key_required: {
    status: 400,
    en: 'Send an Idempotency-Key header: a new one for each new intention, the same one when you repeat it.',
    zh: '请带上 Idempotency-Key 请求头：每个新意图用新的值，重试时用同一个。',
    when: {
      en: 'A POST that moves money came without the header, or any with one that is not 1 to 255 printable ASCII characters.',
      zh: '涉及资金的 POST 没有该请求头，或任何 POST 的该请求头不是 1 至 255 个可打印的 ASCII 字符。',
    },
  },
  authentication_required: {
    status: 401,
    en: 'Sign in, or send your API key: Authorization: Bearer f2f_…',
    zh: '请登录，或提供 API 密钥：Authorization: Bearer f2f_…',
    when: {
      en: 'There is no Authorization header with a Bearer token, and no session, or one that has ended.',
      zh: '没有带 Bearer 令牌的 Authorization 请求头，也没有会话，或会话已结束。',
    },
  },
  api_key_invalid: {
    status: 401,
    en: 'This API key is not valid, or has been revoked.',
    zh: 'API 密钥无效或已吊销。',
    when: {
      en: 'The key is unknown or was revoked; the answer never tells which.',
      zh: '密钥不存在或已吊销，应答从不说明是哪一种。',
    },
  },
  permission_denied: {
    status: 403,
    en: 'This API key, or your role, may not do that.',
    zh: '此 API 密钥或您的角色没有该权限。',
    when: {
      en: 'The key, or the role, lacks the scope that `detail` names, or is for one merchant where it must be for all.',
      zh: '密钥或角色缺少 `detail` 所说的权限，或需要面向所有商户而实际仅限某一商户。',
    },
  },
  route_not_found: {
    status: 404,
    en: 'There is no such operation.',
    zh: '接口不存在。',
    when: {
      en: 'No operation has this path and method.',
      zh: '没有这个路径和方法的操作。',
    },
  },
  merchant_not_found: {
    status: 404,
    en: 'There is no such merchant.',
    zh: '找不到该商户。',
    when: {
      en: 'No merchant has this id, or the key is for another one.',
      zh: '没有这个编号的商户，或密钥属于另一商户。',
    },
  },
  payment_not_found: {
    status: 404,
    en: 'There is no such payment.',
    zh: '找不到该笔支付。',
    when: {
      en: 'No payment has this id, or it is another merchant’s.',
      zh: '没有这个编号的支付，或它属于另一商户。',
    },
  },
  refund_not_found: {
    status: 404,
    en: 'There is no such refund.',
    zh: '找不到该笔退款。',
    when: {
      en: 'No refund has this id, or it is another merchant’s.',
      zh: '没有这个编号的退款，或它属于另一商户。',
    },
  },
  api_key_not_found: {
    status: 404,
    en: 'There is no such API key.',
    zh: '找不到该 API 密钥。',
    when: {
      en: 'No key has this id, or it is not one that this key may see.',
      zh: '没有这个编号的密钥，或当前密钥无权查看。',
    },
  },
  incident_not_found: {
    status: 404,
    en: 'There is no such incident.',
    zh: '找不到该事件。',
    when: {
      en: 'No incident has this id, or it is another merchant’s.',
      zh: '没有这个编号的待办事件，或它属于另一商户。',
    },
  },
  dongle_not_found: {
    status: 404,
    en: 'There is no such dongle.',
    zh: '找不到该加密狗。',
    when: {
      en: 'No dongle has this number, or it was not granted this merchant.',
      zh: '没有这个编号的加密狗，或该商户没有授权给它。',
    },
  },
  event_not_found: {
    status: 404,
    en: 'There is no such event.',
    zh: '找不到该事件。',
    when: {
      en: 'No event has this id, or it is another merchant’s.',
      zh: '没有这个编号的事件，或它属于另一商户。',
    },
  },
  webhook_endpoint_not_found: {
    status: 404,
    en: 'There is no such webhook endpoint.',
    zh: '找不到该 webhook 端点。',
    when: {
      en: 'No endpoint has this id, or it is another merchant’s.',
      zh: '没有这个编号的端点，或它属于另一商户。',
    },
  },
  webhook_delivery_not_found: {
    status: 404,
    en: 'There is no such webhook delivery.',
    zh: '找不到该 webhook 投递。',
    when: {
      en: 'No delivery has this id, or it is another merchant’s, or it ended more than 30 days ago and is deleted: its event can still be sent again, by its range of time.',
      zh: '没有这个编号的投递，或它属于另一商户，或已结束超过 30 天而被删除：其事件仍可按时间段重发。',
    },
  },
  qr_code_not_found: {
    status: 404,
    en: 'There is no such QR code.',
    zh: '找不到该二维码。',
    when: {
      en: 'The payment has no code, or the link is not the one that it came with; or nobody should pay it any more: it is paid, it ended or is being ended, or a later attempt took its place.',
      zh: '该笔支付没有二维码，或链接不是应答中给出的那个；或已不应再付款：已付款、已结束或正在结束，或已被同一单号的后一次收款取代。',
    },
  },
  merchant_reference_taken: {
    status: 409,
    en: 'This reference already stands for another payment. Look at that one, or use a new reference.',
    zh: '该商户单号已用于另一笔支付，请查看那笔支付或换用新单号。',
    when: {
      en: 'The same `merchant_reference` with another amount, method or payment code while the first is open or paid; `payment` names it.',
      zh: '同一 `merchant_reference` 换了金额、方式或付款码，而前一笔仍未结束或已付款；`payment` 给出那一笔。',
    },
  },
  merchant_not_configured: {
    status: 409,
    en: 'Alipay’s public key for this merchant’s application is missing: nothing could be verified, so nothing was sent.',
    zh: '该商户的应用尚未配置支付宝公钥，无法验证应答，因此没有发送任何请求。',
    when: {
      en: 'Nobody gave the key yet. No payment was made.',
      zh: '尚未有人提供该公钥。没有产生支付。',
    },
  },
  merchant_suspended: {
    status: 409,
    en: 'This merchant is suspended and takes no payments. Ask the operator.',
    zh: '该商户已停用，不能收款，请联系运营方。',
    when: {
      en: 'A payment was to begin. What began before is settled, cancelled and refunded as ever.',
      zh: '要发起新的支付时。此前的支付照常结清、取消和退款。',
    },
  },
  incident_resolved: {
    status: 409,
    en: 'Somebody resolved this incident before. Look at it: who, and why, is noted.',
    zh: '该事件已由他人结案，请查看结案人和说明。',
    when: {
      en: 'It is `resolved` already, by a person or by the gateway. Nothing was changed.',
      zh: '它已是 `resolved`，由人或网关结案。未作任何更改。',
    },
  },
  dongle_registered: {
    status: 409,
    en: 'This dongle is registered already.',
    zh: '该加密狗已登记。',
    when: {
      en: 'It is on the list, and was not revoked. For one that lost its key, reopen it.',
      zh: '它已在名单中，且没有吊销。若它丢失了密钥，请重新开放领取。',
    },
  },
  no_next_key: {
    status: 409,
    en: 'There is no next key pair: make one first.',
    zh: '没有待启用的密钥对，请先生成。',
    when: {
      en: 'None was made, or it has taken over already.',
      zh: '尚未生成，或已经启用。',
    },
  },
  key_too_short: {
    status: 409,
    en: 'The application’s key pair is too short for certificates: make a next one with sign_type RSA2.',
    zh: '该应用的密钥太短，不能用于证书：请以 sign_type RSA2 生成下一对密钥。',
    when: {
      en: 'A certificate request for a key pair of fewer than 2048 bits.',
      zh: '为不足 2048 位的密钥请求证书时。',
    },
  },
  credentials_not_proven: {
    status: 409,
    en: 'Alipay did not accept them. Nothing was changed: what was in use goes on.',
    zh: '支付宝没有接受。未作任何更改，原有密钥和证书继续使用。',
    when: {
      en: 'A key pair, certificates or a renewed app_auth_token were to take over, and a question asked with them was refused, or got no answer that verifies. `alipay` has the code, if there is one. A new key may take minutes at Alipay.',
      zh: '新密钥、证书或更换的 app_auth_token 启用前要用它向支付宝提问，而提问被拒绝，或没有能验证的应答。有错误码时见 `alipay`。新密钥在支付宝可能要几分钟才生效。',
    },
  },
  payment_not_cancelable: {
    status: 409,
    en: 'This payment is paid and cannot be cancelled. Refund it instead.',
    zh: '该笔支付已付款，不能取消，请改用退款。',
    when: {
      en: 'The payment is `paid`. (One that ended unpaid answers as it is.)',
      zh: '该笔支付为 `paid`。（未付款而结束的支付按原样应答。）',
    },
  },
  payment_not_refundable: {
    status: 409,
    en: 'This payment cannot be refunded as it is now: it is not paid, or was given back already.',
    zh: '该笔支付目前不能退款：尚未付款，或款项已退回。',
    when: {
      en: 'Its state is not `paid`. Alipay was asked before this was said.',
      zh: '其状态不是 `paid`。给出此应答前已询问支付宝。',
    },
  },
  refund_exceeds_payment: {
    status: 409,
    en: 'The refund is larger than what is left of the payment.',
    zh: '退款金额超过可退金额。',
    when: {
      en: 'The amount, with earlier refunds, is more than was paid.',
      zh: '该金额与此前的退款之和超过已付金额。',
    },
  },
  shop_no_taken: {
    status: 409,
    en: 'A shop of this number exists already.',
    zh: '该店铺编号已存在。',
    when: {
      en: 'Another merchant of the gateway, of v1 or v2, has this `shop_no`.',
      zh: '网关中另一商户（v1 或 v2）已使用此 `shop_no`。',
    },
  },
  too_many_webhook_endpoints: {
    status: 409,
    en: `There are ${ENDPOINTS_MAX} webhook endpoints already, and there may be no more. Change one that is no longer needed.`,
    zh: `webhook 端点已有 ${ENDPOINTS_MAX} 个，不能再增加，请修改不再需要的端点。`,
    when: {
      en: `The merchant, or the operator, has ${ENDPOINTS_MAX} of them, disabled ones included. One can be given another \`url\`, other \`types\` and a new secret.`,
      zh: `该商户（或运营方）已有 ${ENDPOINTS_MAX} 个端点，停用的也计算在内。可以为其中一个更换 \`url\`、\`types\` 和密钥。`,
    },
  },
  payment_in_doubt: {
    status: 409,
    en: 'Whether this payment is paid is not certain yet. Try again in a few seconds.',
    zh: '该笔支付是否成功尚未确定，请几秒后再试。',
    when: {
      en: 'Alipay did not answer the question that must come before a refund. Nothing was stored.',
      zh: '退款前必须询问支付宝，而支付宝没有应答。没有存储任何内容。',
    },
  },
  precondition_failed: {
    status: 412,
    en: 'Somebody changed this since you read it. Read it again, and decide anew.',
    zh: '在您读取之后已被他人修改，请重新读取后再决定。',
    when: {
      en: '`If-Match` is not the ETag of today.',
      zh: '`If-Match` 不是当前的 ETag。',
    },
  },
  body_too_large: {
    status: 413,
    en: 'The body is larger than a megabyte.',
    zh: '请求体超过 1MB。',
    when: {
      en: 'More than 1,048,576 bytes.',
      zh: '超过 1,048,576 字节。',
    },
  },
  unsupported_media_type: {
    status: 415,
    en: 'Send the body as application/json.',
    zh: '请求体须为 application/json。',
    when: {
      en: 'The Content-Type is another one.',
      zh: 'Content-Type 是其他类型。',
    },
  },
  idempotency_key_reused: {
    status: 422,
    en: 'This Idempotency-Key was used for another request. Use a new one.',
    zh: '该 Idempotency-Key 已用于另一个请求，请换用新的值。',
    when: {
      en: 'The same key with another operation or body.',
      zh: '同一个值用于其他操作或其他请求体。',
    },
  },
  rate_limited: {
    status: 429,
    en: 'Too many requests. Wait as long as Retry-After says.',
    zh: '请求过于频繁，请按 Retry-After 等待后重试。',
    when: {
      en: 'More than `F2F_RATE_LIMIT` requests a minute with one key or in one session; of sign-ins, a twentieth of that from one address.',
      zh: '同一密钥或同一会话每分钟超过 `F2F_RATE_LIMIT` 个请求；登录则为同一地址超过其二十分之一。',
    },
  },
  ...PEOPLE_PROBLEMS,
  too_many_exports: {
    status: 429,
    en: 'Two exports are being downloaded already. Try again when one has ended.',
    zh: '已有两个导出正在下载，请在其中一个结束后重试。',
    when: {
      en: 'One gateway writes two exports at a time. `Retry-After` tells when to ask again.',
      zh: '一个网关同时只写两个导出。`Retry-After` 说明何时再试。',
    },
  },
  internal_error: {
    status: 500,
    en: 'Something went wrong here. Repeat the request with the same Idempotency-Key.',
    zh: '系统错误，请用同一个 Idempotency-Key 重试。',
    when: {
      en: 'A fault of the gateway; the log has its cause under `request_id`.',
      zh: '网关的故障；日志中 `request_id` 下有其原因。',
    },
  },
  alipay_silent: {
    status: 502,
    en: 'Alipay did not answer, and no QR code could be shown. Try again with a new Idempotency-Key and the same reference.',
    zh: '支付宝没有应答，未能生成二维码。请用新的 Idempotency-Key 和同一商户单号重试。',
    when: {
      en: 'A QR payment got no code. Nobody can pay it; the same reference may be used again. Or Alipay was asked about a payment (`…/check`) and said nothing of it: nothing was changed, and `alipay` has the code, if there is one.',
      zh: '二维码支付没有得到二维码，谁也无法支付它；同一单号可以再次使用。或者向支付宝询问一笔支付（`…/check`）而没有得到结论：未作任何更改；有错误码时见 `alipay`。',
    },
  },
  database_unavailable: {
    status: 503,
    en: 'The gateway cannot reach its database just now. Try again in a second.',
    zh: '网关暂时无法访问数据库，请稍后重试。',
    when: {
      en: 'As the sentence says; `Retry-After` tells when.',
      zh: '如上句所述；`Retry-After` 说明何时重试。',
    },
  },
} as const satisfies Record<string, Row>;

export type ProblemCode = keyof typeof PROBLEMS;
