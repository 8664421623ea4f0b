/**
 * What the doctor says about the settings: those that stop the start, and those that are well formed and unwise.
 * The checks are in `../settings.ts`.
 */
import type { FindingText } from '../finding-text.ts';

export const SETTINGS_TEXTS = {
  setting_refused: {
    severity: 'failure',
    problem: { en: '{sentence}', zh: '设置有误：{sentence}' },
    fix: {
      en: 'Correct it in the environment or in .env; the gateway does not start before.',
      zh: '请在环境变量或 .env 中改正；改正之前网关不会启动。',
    },
  },
  settings_taken_as_default: {
    severity: 'note',
    problem: {
      en: 'In place of the refused settings, the other checks took the defaults.',
      zh: '对有误的设置，其余各项检查暂按默认值进行。',
    },
    fix: {
      en: 'Run the doctor again once the settings are right.',
      zh: '设置改正后请再运行一次 doctor。',
    },
  },
  timeout_reaches_deadline: {
    severity: 'warning',
    problem: {
      en: 'F2F_ALIPAY_TIMEOUT_MS ({timeoutMs} ms) is not shorter than F2F_PAYMENT_DEADLINE_S ({deadlineS} s): one silent call uses up the whole time of a payment.',
      zh: 'F2F_ALIPAY_TIMEOUT_MS（{timeoutMs} 毫秒）不短于 F2F_PAYMENT_DEADLINE_S（{deadlineS} 秒）：一次无应答的调用就会耗尽一笔付款的全部时间。',
    },
    fix: {
      en: 'Set F2F_ALIPAY_TIMEOUT_MS to a third of the deadline or less; 10000 is the default.',
      zh: '请把 F2F_ALIPAY_TIMEOUT_MS 设为期限的三分之一以下；默认值为 10000。',
    },
  },
  timeout_reaches_wait: {
    severity: 'warning',
    problem: {
      en: 'F2F_ALIPAY_TIMEOUT_MS ({timeoutMs} ms) is not shorter than F2F_BARCODE_WAIT_S ({waitS} s): after one silent call the till is told 10003 without a second question.',
      zh: 'F2F_ALIPAY_TIMEOUT_MS（{timeoutMs} 毫秒）不短于 F2F_BARCODE_WAIT_S（{waitS} 秒）：一次无应答的调用之后，不再询问就向收银端应答 10003。',
    },
    fix: {
      en: 'Set F2F_ALIPAY_TIMEOUT_MS shorter, or F2F_BARCODE_WAIT_S longer.',
      zh: '请缩短 F2F_ALIPAY_TIMEOUT_MS，或加长 F2F_BARCODE_WAIT_S。',
    },
  },
  no_public_url: {
    severity: 'warning',
    problem: {
      en: 'F2F_PUBLIC_URL is not set: Alipay sends no notifications, and every payment is settled by asking alone, seconds later.',
      zh: '未设置 F2F_PUBLIC_URL：支付宝不发送通知，每笔付款只靠询问落定，会晚几秒。',
    },
    fix: {
      en: 'Set F2F_PUBLIC_URL to the https:// address at which the internet reaches this gateway.',
      zh: '请把 F2F_PUBLIC_URL 设为互联网访问本网关的 https:// 地址。',
    },
  },
  public_url_not_public: {
    severity: 'warning',
    problem: {
      en: 'F2F_PUBLIC_URL names {host}, which Alipay cannot reach from the internet: no notification will come.',
      zh: 'F2F_PUBLIC_URL 的主机是 {host}，支付宝无法从互联网访问：不会有通知到达。',
    },
    fix: {
      en: 'Set it to a public https:// address, or unset it, so that nothing is waited for.',
      zh: '请设为公网 https:// 地址，或取消该设置。',
    },
  },
  simulator_settings_left: {
    severity: 'warning',
    problem: {
      en: '{names} is for the simulator only, and Alipay is the real one.',
      zh: '{names} 只用于模拟器，而现在使用的是真实的支付宝。',
    },
    fix: {
      en: 'Remove it, and see whether other settings of a trial were left behind.',
      zh: '请删除该设置，并检查是否还有试用时留下的其他设置。',
    },
  },
  enrolment_open: {
    severity: 'warning',
    problem: {
      en: 'F2F_ENROLMENT is open with the real Alipay: whoever knows a number gets a secret key and can charge.',
      zh: '使用真实的支付宝而 F2F_ENROLMENT 为 open：任何人只要知道一个编号就能取得密钥并收款。',
    },
    fix: {
      en: 'Unset F2F_ENROLMENT and register each dongle with npm run f2f -- dongle register NO.',
      zh: '请取消 F2F_ENROLMENT，并用 npm run f2f -- dongle register NO 逐个登记加密狗。',
    },
  },
  rate_limit_off: {
    severity: 'warning',
    problem: {
      en: 'F2F_RATE_LIMIT is off with the real Alipay: secret keys and tokens can be guessed without end.',
      zh: '使用真实的支付宝而 F2F_RATE_LIMIT 为 off：密钥和令牌可被无限次猜测。',
    },
    fix: {
      en: 'Unset F2F_RATE_LIMIT, or set it to the requests a minute that a busy till needs.',
      zh: '请取消 F2F_RATE_LIMIT，或设为繁忙收银端每分钟所需的请求数。',
    },
  },
  listens_on_all: {
    severity: 'note',
    problem: {
      en: 'F2F_HOST is {host}: the gateway speaks plain HTTP to every network of this host, and v1 carries secrets in its URLs.',
      zh: 'F2F_HOST 为 {host}：网关在本机所有网络上提供明文 HTTP，而 v1 的网址中带有机密。',
    },
    fix: {
      en: 'Let only a proxy that ends TLS reach the port, by a firewall or by F2F_HOST=127.0.0.1.',
      zh: '请用防火墙或 F2F_HOST=127.0.0.1，使该端口只能由终结 TLS 的代理访问。',
    },
  },
  gateway_url_of_other_mode: {
    severity: 'warning',
    problem: {
      en: 'F2F_ALIPAY is {mode}, but F2F_ALIPAY_GATEWAY names {host}.',
      zh: 'F2F_ALIPAY 为 {mode}，但 F2F_ALIPAY_GATEWAY 指向 {host}。',
    },
    fix: {
      en: 'Unset F2F_ALIPAY_GATEWAY: each mode has its own address built in.',
      zh: '请取消 F2F_ALIPAY_GATEWAY：每种模式都内置了自己的地址。',
    },
  },
  gateway_url_retired: {
    severity: 'failure',
    problem: {
      en: 'F2F_ALIPAY_GATEWAY names {host}, the old sandbox that Alipay has switched off.',
      zh: 'F2F_ALIPAY_GATEWAY 指向 {host}，即支付宝已停用的旧沙箱。',
    },
    fix: {
      en: 'Unset F2F_ALIPAY_GATEWAY, and take app id and keys from the sandbox of today.',
      zh: '请取消 F2F_ALIPAY_GATEWAY，并使用现行沙箱的 APPID 和密钥。',
    },
  },
} as const satisfies Readonly<Record<string, FindingText>>;
