/**
 * What each setting means, in Chinese: for the operator's table in `docs/settings.md`, and for whoever asks a running gateway
 * (`shown-settings.ts`). The English sentences are in `SETTINGS` of `config.ts`. A setting without a line here does not compile.
 */
import type { Config } from './config.ts';

export const MEANINGS_ZH: Readonly<Record<keyof Config, string>> = {
  host: '网关监听的地址',
  port: '网关监听的端口；0 表示取一个空闲端口',
  publicUrl:
    '支付宝通过哪个地址访问网关，用于接收通知；使用模拟器时默认为监听地址，否则不设置就只靠轮询落定每一笔付款',
  dataDir: '存放 SQLite 文件和主密钥文件的目录；以 0700 权限创建',
  databaseUrl: '用 PostgreSQL 代替 SQLite',
  databasePool: '本网关到 PostgreSQL 的连接数上限；另有一条连接用于接收其他节点的消息',
  alipay: '使用哪个支付宝：内置模拟器、支付宝沙箱或正式环境',
  alipayGateway: '另一个 gateway.do 地址',
  alipayTimeoutMs: '一次调用支付宝最多等多久',
  simulatorPort: '内置模拟器监听的端口；0 表示取一个空闲端口',
  simulatorUrl: '使用在该地址运行的模拟器，不启动内置的',
  simulatorToken: '模拟器的控制令牌，供不在本机回环接口上的调用方使用',
  enrolment: '任何加密狗都能取得密钥（open），还是只限运营人员登记过的（allow-list）',
  tokenTtlS: 'v1 访问令牌的有效期',
  barcodeWaitS: 'hb_barcode 为一笔未决付款等待多久后应答 10003',
  paymentDeadlineS: '付款码付款到此时仍未决则被撤销',
  qrExpiresS: '到此时仍无人付款的二维码被关闭；告知支付宝时以整分钟计',
  confirm: 'strict：支付宝已受理的收款在应答前再核对一次',
  latePayment: 'refund：关闭之后才到账的钱自动退回',
  masterKeyFile: '32 个随机字节，用于加密存储的私钥',
  rateLimit: '每个令牌每分钟的请求数；/auth 下每个地址为其二十分之一',
  trustedProxies:
    '网关前面的代理，只信任它们给出的 X-Forwarded-For：限流和日志以其中的调用方地址为准',
  webhooks:
    'webhook 可以发往哪里：仅限互联网上的 https://，或者也包括 http:// 和内网；使用模拟器时默认为 any',
  apiKey: 'f2f listen、events 和 trigger 调用网关时使用的 v2 API 密钥，除非用 --key 给出',
  logLevel: '写出的日志的最低级别',
};
