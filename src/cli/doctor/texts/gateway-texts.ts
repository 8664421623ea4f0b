/**
 * What the doctor says about the running gateway, and about the way on which Alipay's notifications reach it.
 * The checks are in `../notification-url.ts` and `../running-gateway.ts`.
 */
import type { FindingText } from '../finding-text.ts';

const NOTIFICATION_TEXTS = {
  notify_not_sent: {
    severity: 'note',
    problem: {
      en: 'No notification URL is sent to Alipay; payments are settled by asking.',
      zh: '未向支付宝发送通知地址；付款靠询问落定。',
    },
    fix: {
      en: 'Set F2F_PUBLIC_URL to get notifications.',
      zh: '如需通知请设置 F2F_PUBLIC_URL。',
    },
  },
  notify_port_unknown: {
    severity: 'note',
    problem: {
      en: 'F2F_PORT is 0: the notification URL is known to the gateway alone.',
      zh: 'F2F_PORT 为 0：只有网关知道通知地址。',
    },
    fix: { en: 'Set a port to have it checked.', zh: '如需检查请设置端口。' },
  },
  notify_gateway_stopped: {
    severity: 'note',
    problem: {
      en: 'The gateway does not run here, and nothing answers for it at {url}.',
      zh: '网关没有在此运行，{url} 也无人代为应答。',
    },
    fix: {
      en: 'Start the gateway and run the doctor beside it.',
      zh: '请启动网关，在其运行时再运行 doctor。',
    },
  },
  notify_name_unknown: {
    severity: 'failure',
    problem: {
      en: 'The name {host} of F2F_PUBLIC_URL has no address ({code}).',
      zh: '无法解析 F2F_PUBLIC_URL 的域名 {host}（{code}）。',
    },
    fix: {
      en: 'Correct F2F_PUBLIC_URL, or give the name a public DNS record.',
      zh: '请改正 F2F_PUBLIC_URL，或为该域名添加公网 DNS 记录。',
    },
  },
  notify_not_reached: {
    severity: 'warning',
    problem: {
      en: 'No connection to {host} from here ({code}); some networks let nobody reach their own public address from inside.',
      zh: '从本机无法连接 {host}（{code}）；有些网络不允许从内部访问自己的公网地址。',
    },
    fix: {
      en: 'Open the URL from outside, with a telephone for example; if it does not open there either, mend proxy and firewall.',
      zh: '请从外部（例如用手机网络）打开该地址；若同样打不开，请检查代理和防火墙。',
    },
  },
  notify_tls_expired: {
    severity: 'failure',
    problem: {
      en: 'The TLS certificate of {host} has expired.',
      zh: '{host} 的 TLS 证书已过期。',
    },
    fix: {
      en: 'Renew it at the proxy; Alipay sends nothing to an expired one.',
      zh: '请在代理上更新证书；支付宝不会向过期证书的地址发送通知。',
    },
  },
  notify_tls_wrong_name: {
    severity: 'failure',
    problem: {
      en: 'The TLS certificate at {host} is for another name.',
      zh: '{host} 处的 TLS 证书属于其他域名。',
    },
    fix: {
      en: 'Give the proxy a certificate for {host}.',
      zh: '请为代理配置 {host} 的证书。',
    },
  },
  notify_tls_untrusted: {
    severity: 'failure',
    problem: {
      en: 'The TLS certificate of {host} is not from a trusted authority, or its chain is incomplete ({code}).',
      zh: '{host} 的 TLS 证书不是由受信任的机构颁发，或证书链不完整（{code}）。',
    },
    fix: {
      en: 'Let the proxy send the full chain of a certificate from a public authority.',
      zh: '请让代理发送由公共机构颁发的证书的完整证书链。',
    },
  },
  notify_tls_fault: {
    severity: 'failure',
    problem: {
      en: 'TLS with {host} fails ({code}).',
      zh: '与 {host} 的 TLS 握手失败（{code}）。',
    },
    fix: {
      en: 'See that the proxy speaks TLS on this port.',
      zh: '请确认代理在该端口上提供 TLS。',
    },
  },
  notify_silent: {
    severity: 'failure',
    problem: {
      en: '{url} takes the connection and gives no answer ({code}).',
      zh: '{url} 接受了连接但没有应答（{code}）。',
    },
    fix: {
      en: "See that the proxy's upstream is the gateway's F2F_HOST and F2F_PORT.",
      zh: '请确认代理的上游是网关的 F2F_HOST 和 F2F_PORT。',
    },
  },
  notify_redirected: {
    severity: 'failure',
    problem: {
      en: '{url} redirects (HTTP {status}); Alipay follows no redirect.',
      zh: '{url} 发生重定向（HTTP {status}）；支付宝不跟随重定向。',
    },
    fix: {
      en: 'Set F2F_PUBLIC_URL to where the redirect leads, or take the path out of the redirect.',
      zh: '请把 F2F_PUBLIC_URL 设为重定向后的地址，或让该路径不再重定向。',
    },
  },
  notify_http_status: {
    severity: 'failure',
    problem: {
      en: '{url} answers with HTTP {status} instead of passing to the gateway.',
      zh: '{url} 应答 HTTP {status}，没有转给网关。',
    },
    fix: {
      en: 'Let the proxy pass the path /alipay/notify to the gateway, without a login and without a rule against bots.',
      zh: '请让代理把路径 /alipay/notify 转给网关，不要求登录，也不拦截机器人。',
    },
  },
  notify_not_ours: {
    severity: 'failure',
    problem: {
      en: 'Something else than this gateway answers at {url}.',
      zh: '在 {url} 应答的不是本网关。',
    },
    fix: {
      en: 'Let the proxy pass the path /alipay/notify to the gateway.',
      zh: '请让代理把路径 /alipay/notify 转给网关。',
    },
  },
  notify_tls_ends_soon: {
    severity: 'warning',
    problem: {
      en: 'The TLS certificate of {host} ends at {at}.',
      zh: '{host} 的 TLS 证书将于 {at} 到期。',
    },
    fix: {
      en: 'Renew it, and see why it was not renewed by itself.',
      zh: '请更新证书，并查明为何没有自动更新。',
    },
  },
  notify_seen_from_here: {
    severity: 'note',
    problem: {
      en: 'The gateway answers at {url} when asked from this host, which does not prove that Alipay reaches it.',
      zh: '从本机访问 {url} 时网关有应答，但这不能证明支付宝也能到达。',
    },
    fix: {
      en: 'After a payment, see in npm run f2f -- payment show NO whether a notification came.',
      zh: '完成一笔付款后，请用 npm run f2f -- payment show NO 查看是否收到通知。',
    },
  },
} as const satisfies Readonly<Record<string, FindingText>>;

const RUNNING_TEXTS = {
  gateway_not_running: {
    severity: 'note',
    problem: {
      en: 'Nothing listens at {url}: the gateway does not run here.',
      zh: '{url} 无人监听：网关没有在此运行。',
    },
    fix: { en: 'Start it with npm start.', zh: '请用 npm start 启动。' },
  },
  gateway_port_unknown: {
    severity: 'note',
    problem: {
      en: 'F2F_PORT is 0: where the gateway listens is known to itself alone.',
      zh: 'F2F_PORT 为 0：只有网关自己知道监听的端口。',
    },
    fix: { en: 'Set a port to have it checked.', zh: '如需检查请设置端口。' },
  },
  gateway_port_taken: {
    severity: 'failure',
    problem: {
      en: 'Another program than the gateway answers at {url}: the gateway cannot listen there.',
      zh: '{url} 由其他程序占用：网关无法在此监听。',
    },
    fix: {
      en: 'Stop that program, or set F2F_PORT to a free port.',
      zh: '请停止该程序，或把 F2F_PORT 设为空闲端口。',
    },
  },
  gateway_silent: {
    severity: 'failure',
    problem: {
      en: 'What listens at {url} gives no answer ({code}).',
      zh: '{url} 有程序监听但没有应答（{code}）。',
    },
    fix: {
      en: 'Look into the log of the gateway, then stop it with SIGTERM and start it again; nothing that was answered is lost.',
      zh: '请查看网关日志，然后用 SIGTERM 停止并重新启动；已应答的内容不会丢失。',
    },
  },
  gateway_not_ready: {
    severity: 'failure',
    problem: {
      en: 'The gateway at {url} runs and is not ready (HTTP {status}): it does not reach its database, or migrations are missing.',
      zh: '{url} 的网关在运行但未就绪（HTTP {status}）：无法访问数据库，或缺少迁移。',
    },
    fix: {
      en: 'See the check of the database, and the log of the gateway.',
      zh: '请看数据库一项和网关日志。',
    },
  },
  gateway_other_version: {
    severity: 'warning',
    problem: {
      en: 'The gateway at {url} runs version {running}; this is {ours}.',
      zh: '{url} 的网关运行的是版本 {running}；当前程序为 {ours}。',
    },
    fix: {
      en: 'Restart the gateway, or run the doctor of its version.',
      zh: '请重启网关，或运行与其同版本的 doctor。',
    },
  },
} as const satisfies Readonly<Record<string, FindingText>>;

export const GATEWAY_TEXTS = { ...NOTIFICATION_TEXTS, ...RUNNING_TEXTS } as const;
