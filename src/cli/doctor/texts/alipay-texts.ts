/**
 * What the doctor says about Alipay: whether its gateway is reached, whether the clocks agree, and what it answers each app.
 * The checks are in `../alipay.ts` and `../app-answers.ts`.
 */
import type { FindingText } from '../finding-text.ts';

const REACH_TEXTS = {
  alipay_name_unknown: {
    severity: 'failure',
    problem: {
      en: 'The name {host} of the Alipay gateway has no address ({code}).',
      zh: '无法解析支付宝网关的域名 {host}（{code}）。',
    },
    fix: {
      en: 'Mend the DNS of this host, or F2F_ALIPAY_GATEWAY if it was set by hand.',
      zh: '请修复本机的 DNS；若手工设置过 F2F_ALIPAY_GATEWAY，请核对。',
    },
  },
  alipay_not_reached: {
    severity: 'failure',
    problem: {
      en: 'No connection to the Alipay gateway {host} ({code}).',
      zh: '无法连接支付宝网关 {host}（{code}）。',
    },
    fix: {
      en: 'Let the firewall pass outgoing connections to {host}.',
      zh: '请在防火墙上放行到 {host} 的出站连接。',
    },
  },
  alipay_tls_expired: {
    severity: 'failure',
    problem: {
      en: 'The TLS certificate of {host} has expired, by the clock of this host.',
      zh: '按本机时钟，{host} 的 TLS 证书已过期。',
    },
    fix: {
      en: "See whether this host's clock is right; otherwise somebody else than Alipay answers under that name.",
      zh: '请检查本机时钟；若无误，则以该域名应答的不是支付宝。',
    },
  },
  alipay_tls_wrong_name: {
    severity: 'failure',
    problem: {
      en: 'What answers as {host} shows a TLS certificate for another name.',
      zh: '以 {host} 应答者出示的 TLS 证书属于其他域名。',
    },
    fix: {
      en: 'Look for a proxy, a hosts file or a DNS server that sends {host} elsewhere.',
      zh: '请检查是否有代理、hosts 文件或 DNS 把 {host} 指向了别处。',
    },
  },
  alipay_tls_untrusted: {
    severity: 'failure',
    problem: {
      en: 'The TLS certificate of {host} is not from an authority that this host trusts ({code}).',
      zh: '{host} 的 TLS 证书不是由本机信任的机构颁发（{code}）。',
    },
    fix: {
      en: 'Except {host} from the proxy that opens TLS in this network.',
      zh: '请让本网络中拆解 TLS 的代理对 {host} 例外放行。',
    },
  },
  alipay_tls_fault: {
    severity: 'failure',
    problem: {
      en: 'TLS with the Alipay gateway {host} fails ({code}).',
      zh: '与支付宝网关 {host} 的 TLS 握手失败（{code}）。',
    },
    fix: {
      en: 'Look for a firewall or a proxy between, and see that F2F_ALIPAY_GATEWAY is right.',
      zh: '请检查中间的防火墙或代理，并核对 F2F_ALIPAY_GATEWAY。',
    },
  },
  alipay_silent: {
    severity: 'failure',
    problem: {
      en: 'The Alipay gateway {host} took the connection and gave no answer ({code}).',
      zh: '支付宝网关 {host} 接受了连接但没有应答（{code}）。',
    },
    fix: {
      en: 'Try again; if it stays so, look for a proxy between, and at the notices of Alipay.',
      zh: '请重试；若仍如此，请检查中间的代理，并查看支付宝公告。',
    },
  },
  alipay_http_status: {
    severity: 'failure',
    problem: {
      en: 'The Alipay gateway {url} answers with HTTP {status} instead of 200.',
      zh: '支付宝网关 {url} 应答 HTTP {status}，应为 200。',
    },
    fix: {
      en: 'Unset F2F_ALIPAY_GATEWAY, or correct it to a URL that ends in gateway.do; look for a proxy between.',
      zh: '请取消 F2F_ALIPAY_GATEWAY，或改正为以 gateway.do 结尾的网址；并检查中间的代理。',
    },
  },
  alipay_not_alipay: {
    severity: 'failure',
    problem: {
      en: 'What answers at {url} does not speak as Alipay does.',
      zh: '{url} 的应答不是支付宝的格式。',
    },
    fix: {
      en: 'Correct F2F_ALIPAY_GATEWAY or F2F_SIMULATOR_URL, and look for a proxy that answers by itself.',
      zh: '请改正 F2F_ALIPAY_GATEWAY 或 F2F_SIMULATOR_URL，并检查是否有代理自行应答。',
    },
  },
  alipay_tls_ends_soon: {
    severity: 'warning',
    problem: {
      en: 'The TLS certificate of {host} ends at {at}.',
      zh: '{host} 的 TLS 证书将于 {at} 到期。',
    },
    fix: {
      en: "Alipay renews its own; if F2F_ALIPAY_GATEWAY names a proxy of yours, renew the proxy's.",
      zh: '支付宝会自行更新；若 F2F_ALIPAY_GATEWAY 指向自己的代理，请更新代理的证书。',
    },
  },
  clock_apart: {
    severity: 'warning',
    problem: {
      en: "This host's clock is {seconds} s {direction} Alipay's.",
      zh: '本机时钟比支付宝{directionZh} {seconds} 秒。',
    },
    fix: {
      en: 'Let NTP set the clock (timedatectl set-ntp true): timestamps are signed, deadlines are told by it, and Alipay refuses old requests of its newer protocol after ten minutes.',
      zh: '请用 NTP 校准时钟（timedatectl set-ntp true）：时间戳参与签名，期限以它为准，支付宝的新协议拒绝相差十分钟以上的请求。',
    },
  },
  alipay_tells_no_time: {
    severity: 'note',
    problem: {
      en: "Alipay's answer has no date, so the clocks were not compared.",
      zh: '支付宝的应答没有日期，因此未比较时钟。',
    },
    fix: {
      en: 'See by other means that NTP sets the clock of this host.',
      zh: '请另行确认本机时钟由 NTP 校准。',
    },
  },
  simulator_not_running: {
    severity: 'note',
    problem: {
      en: 'The built-in simulator runs only while the gateway does, and nothing answers at {url}.',
      zh: '内置模拟器只在网关运行时运行，{url} 目前无应答。',
    },
    fix: {
      en: 'Start the gateway and run the doctor beside it to check what comes after.',
      zh: '请启动网关，在其运行时再运行 doctor 以检查后面各项。',
    },
  },
  simulator_port_unknown: {
    severity: 'note',
    problem: {
      en: 'F2F_SIMULATOR_PORT is 0: where the simulator listens is known to the gateway alone.',
      zh: 'F2F_SIMULATOR_PORT 为 0：只有网关知道模拟器在哪个端口监听。',
    },
    fix: {
      en: 'Set a port to have it checked.',
      zh: '如需检查请设置端口。',
    },
  },
} as const satisfies Readonly<Record<string, FindingText>>;

const ANSWER_TEXTS = {
  app_not_asked: {
    severity: 'note',
    problem: {
      en: 'App {app}: Alipay was not asked, because its keys are wrong already.',
      zh: '应用 {app}：其密钥已知有误，因此未询问支付宝。',
    },
    fix: {
      en: 'Mend the keys first.',
      zh: '请先处理密钥。',
    },
  },
  app_signature_refused: {
    severity: 'failure',
    problem: {
      en: 'App {app}: Alipay refuses its signature ({subCode}): it has another public key for this app.',
      zh: '应用 {app}：支付宝验签不通过（{subCode}）：它持有的是另一个应用公钥。',
    },
    fix: {
      en: "Upload the shop's cpiPubKey (npm run f2f -- merchant show NO) to the app's page at Alipay as 应用公钥.",
      zh: '请把门店的 cpiPubKey（npm run f2f -- merchant show NO）作为“应用公钥”上传到开放平台该应用的页面。',
    },
  },
  app_key_not_at_alipay: {
    severity: 'failure',
    problem: {
      en: 'App {app}: Alipay has no public key for it ({subCode}).',
      zh: '应用 {app}：支付宝没有该应用的公钥（{subCode}）。',
    },
    fix: {
      en: "Upload the shop's cpiPubKey (npm run f2f -- merchant show NO) to the app's page at Alipay as 应用公钥.",
      zh: '请把门店的 cpiPubKey（npm run f2f -- merchant show NO）作为“应用公钥”上传到开放平台该应用的页面。',
    },
  },
  app_id_unknown: {
    severity: 'failure',
    problem: {
      en: 'App {app}: Alipay does not know this app id ({subCode}).',
      zh: '应用 {app}：支付宝不认识这个 APPID（{subCode}）。',
    },
    fix: {
      en: 'Correct it with company/update; an app of the sandbox exists in the sandbox only (F2F_ALIPAY).',
      zh: '请用 company/update 改正；沙箱应用只存在于沙箱（F2F_ALIPAY）。',
    },
  },
  app_not_permitted: {
    severity: 'failure',
    problem: {
      en: 'App {app}: Alipay knows it and does not permit the call ({subCode}).',
      zh: '应用 {app}：支付宝认识该应用，但不允许此调用（{subCode}）。',
    },
    fix: {
      en: 'Add 当面付 to the app, sign its contract, and put the app online at Alipay.',
      zh: '请在开放平台为该应用添加“当面付”并签约，且将应用上线。',
    },
  },
  app_rate_limited: {
    severity: 'warning',
    problem: {
      en: 'App {app}: Alipay answers that there are too many calls ({subCode}).',
      zh: '应用 {app}：支付宝应答调用次数过多（{subCode}）。',
    },
    fix: {
      en: 'Find out what else calls Alipay with this app id, and run the doctor again later.',
      zh: '请查明还有什么在用该 APPID 调用支付宝，稍后再运行 doctor。',
    },
  },
  app_token_refused: {
    severity: 'failure',
    problem: {
      en: "App {app}: Alipay does not know the merchant's authorisation, or it has ended ({subCode}).",
      zh: '应用 {app}：支付宝不认识该商户的授权，或授权已失效（{subCode}）。',
    },
    fix: {
      en: 'Have the merchant authorise the app anew, and give the app_auth_token with PATCH /v2/merchants/ID.',
      zh: '请让商户重新授权，并用 PATCH /v2/merchants/ID 给出新的 app_auth_token。',
    },
  },
  app_refused: {
    severity: 'failure',
    problem: {
      en: 'App {app}: Alipay refuses the call ({code} {subCode}).',
      zh: '应用 {app}：支付宝拒绝此调用（{code} {subCode}）。',
    },
    fix: {
      en: 'Look the code up in the documents of Alipay (公共错误码), and mend the app there.',
      zh: '请在支付宝文档（公共错误码）中查该返回码，并在开放平台处理该应用。',
    },
  },
  alipay_key_does_not_verify: {
    severity: 'failure',
    problem: {
      en: "App {app}: the answer's signature does not fit Alipay's public key that was given here.",
      zh: '应用 {app}：应答的签名与此处所填的支付宝公钥不符。',
    },
    fix: {
      en: "Copy Alipay's public key (支付宝公钥, RSA2) from this very app's page, and give it to company/update as cpiAlipubKey.",
      zh: '请在开放平台这个应用自己的页面复制支付宝公钥（RSA2），作为 cpiAlipubKey 提交给 company/update。',
    },
  },
  app_no_answer: {
    severity: 'failure',
    problem: {
      en: 'App {app}: Alipay gave no answer to a signed query ({why}).',
      zh: '应用 {app}：支付宝对带签名的查询没有应答（{why}）。',
    },
    fix: {
      en: 'Run the doctor again; if it stays so, look for a proxy between.',
      zh: '请再运行一次 doctor；若仍如此，请检查中间的代理。',
    },
  },
  app_answer_in_doubt: {
    severity: 'warning',
    problem: {
      en: 'App {app}: Alipay answers that it does not know at the moment ({code} {subCode}).',
      zh: '应用 {app}：支付宝应答暂时无法确定（{code} {subCode}）。',
    },
    fix: {
      en: 'Run the doctor again in a few minutes.',
      zh: '请几分钟后再运行 doctor。',
    },
  },
  app_answer_unreadable: {
    severity: 'failure',
    problem: {
      en: "App {app}: the answer to a signed query is not one that counts as Alipay's ({why}).",
      zh: '应用 {app}：对带签名查询的应答不能算作支付宝的应答（{why}）。',
    },
    fix: {
      en: 'Look for a proxy that changes answers, and see that F2F_ALIPAY_GATEWAY is right.',
      zh: '请检查是否有代理改动了应答，并核对 F2F_ALIPAY_GATEWAY。',
    },
  },
} as const satisfies Readonly<Record<string, FindingText>>;

export const ALIPAY_TEXTS = { ...REACH_TEXTS, ...ANSWER_TEXTS } as const;
