/** The Chinese of what the document says about merchants, dongles, keys, people, the audit log and the gateway; `reference-words.ts` looks it up. */
export const WORDS_OF_SHOPS: Readonly<Record<string, string>> = {
  'RFC 3339': 'RFC 3339 时间。',
  'For people.': '给人看的说明。',
  'Its number within the account at Alipay.': '在支付宝账户内的门店编号。',
  '`suspended`: begins no payment.': '`suspended`：不再发起支付。',
  'How the token ends.': '令牌的结尾。',
  'RSA2, but for applications of before 2018.': 'RSA2；2018 年以前的应用除外。',
  'Ours: give it to Alipay for the application.': '我们的公钥：请在支付宝为该应用设置。',
  'Alipay’s; null while nobody gave it.': '支付宝公钥；尚未填写时为 null。',
  'Ours, that is to take over.': '我们待启用的公钥。',
  'As Alipay computes it (SN).': '按支付宝的算法得出的序列号（SN）。',
  'Keys, contract and network are proven.': '密钥、签约和网络均已验证。',
  '`refused`: Alipay said no, under its signature; `code` tells why. `no_answer`: nothing that could be verified.':
    '`refused`：支付宝签名拒绝，原因见 `code`。`no_answer`：没有可验证的应答。',
  'Alipay accepts what the next key pair signs.': '支付宝接受待启用密钥对的签名。',
  'The CSR, to be uploaded to Alipay.': 'CSR，上传到支付宝。',
  'The number on it, which v1 calls dogNo.': '加密狗上的号码，v1 中为 dogNo。',
  '`registered`: may ask for its secret key once. `issued`: has one. `revoked`: may do nothing.':
    '`registered`：可领取一次密钥。`issued`：已领取。`revoked`：不再有任何权限。',
  'An operator registered it; false for one that enrolled by itself.':
    '由运营人员登记；自行登记的为 false。',
  'Those that it registered.': '由它登记的商户。',
  'Others that it may use, because an operator said so.': '经运营人员授权可用的其他商户。',
  '`charge` begins and cancels payments, `manage` is for merchants and keys, `administer` for people who sign in.':
    '`charge` 发起和取消支付，`manage` 管理商户和密钥，`administer` 管理登录用户。',
  'How the key begins.': '密钥的开头。',
  'The key itself: in the answer that made it, and never again.':
    '密钥本身：只在创建它的应答中出现一次。',
  'Where the password is chosen, once: what is behind # no server sees.':
    '在此设置密码，仅一次有效：# 之后的内容不会到达任何服务器。',
  '`administrator`: everything. `finance`: read and refund. `clerk`: read and charge. `read_only`: read.':
    '`administrator`：全部。`finance`：查看和退款。`clerk`：查看和收款。`read_only`：查看。',
  'The one merchant; null for all.': '所属商户；null 为所有商户。',
  'What the role allows.': '角色所允许的权限范围。',
  '`invited`: has no password yet. `suspended`: cannot sign in.':
    '`invited`：尚未设置密码。`suspended`：不能登录。',
  'A code is asked for at the sign-in.': '登录时需要验证码。',
  'To be sent as X-CSRF-Token with every request that is not GET.':
    '除 GET 以外的每个请求都须以 X-CSRF-Token 带上。',
  'When it ends if nothing more is asked.': '不再有请求时的结束时间。',
  'The password would be refused today.': '按现在的规则该密码会被拒绝。',
  'To be typed into the app.': '手动输入到验证器应用中。',
  'The same, for a QR code.': '同一内容，用于生成二维码。',
  'Its number in the chain.': '在链中的编号。',
  '`operator_cli`: a command. `nobody`: the call named nobody, as a sign-in.':
    '`operator_cli`：命令。`nobody`：调用未指明身份，例如登录。',
  '`user_…`, `key_…`, or the kind.': '`user_…`、`key_…`，或身份的种类。',
  'As it was called then; of a command, the account that ran it.':
    '当时的名称；命令则为执行它的系统账号。',
  'Where the call came from; null for commands.': '调用的来源地址；命令为 null。',
  'The `operationId`.': '`operationId`。',
  'What it was done to, or what it made.': '操作的对象，或由它创建的对象。',
  'What was asked: `params`, `query` and `body`, with secrets masked.':
    '请求内容：`params`、`query` 和 `body`，机密已隐去。',
  'The HTTP status; commands have the one that fits.': 'HTTP 状态；命令取相应的状态。',
  'The problem; null for a success.': '错误代码；成功为 null。',
  'The answer of an earlier call with the same idempotency key: nothing was done.':
    '同一幂等键先前调用的应答：没有再次执行。',
  'The hash of the request’s entry.': '请求条目的哈希。',
  'The number that you give the shop, unique in the gateway. v1 calls it storeDogNo.':
    '您为店铺设定的编号，在网关中唯一。v1 中为 storeDogNo。',
  'The account at Alipay that receives the money (PID).': '收款的支付宝账户（PID）。',
  'The Alipay application.': '支付宝应用。',
  'Alipay’s public key for the application, as PEM or base64. Not your own.':
    '该应用的支付宝公钥，PEM 或 base64 格式。不是您自己的公钥。',
  'FACE_TO_FACE_PAYMENT, unless the contract with Alipay has another.':
    'FACE_TO_FACE_PAYMENT，除非与支付宝的签约另有规定。',
  'What Alipay calls the product (product_code), by method.':
    '各付款方式的支付宝产品码（product_code）。',
  'Shown by Alipay when the merchant authorised your application. Kept sealed.':
    '商户授权您的应用时由支付宝给出。加密保存。',
  'Your account at Alipay (PID), for your commission.': '您的支付宝账户（PID），用于返佣。',
  'For a service provider (ISV), whose application acts for the merchant.':
    '用于服务商（ISV），由其应用代商户调用。',
  'The merchant, with the public key to give to Alipay.': '商户，附要交给支付宝的公钥。',
  'A page of merchants.': '一页商户。',
  'The merchant; its ETag names what was read.': '商户；其 ETag 标识所读到的内容。',
  'The ETag that you read: a change by others since is then refused.':
    '您读到的 ETag：此后若有他人修改，请求会被拒绝。',
  'True goes back to bare keys, for all merchants of the application; give Alipay’s bare key with it.':
    'true 表示该应用的全部商户改回公钥模式；请同时给出支付宝公钥。',
  'The merchant as it is now.': '商户现在的内容。',
  'What Alipay said.': '支付宝的答复。',
  'The merchant; upload `app.next_key.public_key` to Alipay.':
    '商户；请把 `app.next_key.public_key` 上传到支付宝。',
  'The company’s name exactly as Alipay has it: it refuses another.':
    '公司名称，须与支付宝登记的完全一致，否则会被拒绝。',
  'The app id, unless you say.': '不填则为应用编号。',
  'For the next key pair, if there is one.': '有待启用的密钥对时，用于该密钥对。',
  'appCertPublicKey_….crt, which Alipay issued for the request.':
    '支付宝凭证书请求签发的 appCertPublicKey_….crt。',
  'alipayCertPublicKey_RSA2.crt.': 'alipayCertPublicKey_RSA2.crt。',
  'alipayRootCert.crt.': 'alipayRootCert.crt。',
  'A page of incidents.': '一页待办。',
  'The incident, with what a person can do about it.': '待办，附人可以做什么。',
  'What was found, and done.': '查明了什么，做了什么。',
  'The incident, with who resolved it and why.': '待办，附由谁处理及原因。',
  'A page of dongles.': '一页加密狗。',
  'The number on it: 32 characters.': '加密狗上的号码：32 个字符。',
  'The dongle; one that was revoked is registered anew.': '加密狗；已吊销的会重新登记。',
  'The dongle as it is now.': '加密狗现在的内容。',
  'What it is for, for people.': '用途说明，给人看。',
  'The one merchant it is for; an operator’s key without it.': '所属商户；不填则为运营方密钥。',
  'The key, with its `secret`: nobody can read that again.':
    '密钥及其 `secret`：以后无法再次读取。',
  'The key, without its secret.': '密钥，不含 `secret`。',
  'The key as it ended; again, the same.': '已吊销的密钥；重复吊销结果相同。',
  'What is typed at the sign-in; large and small letters are the same.':
    '登录时输入的名称；不区分大小写。',
  'What others read.': '他人看到的名称。',
  'The user, with the `link` by which the password is chosen.': '用户，附设置密码的 `link`。',
  'The user; its ETag names what was read.': '用户；其 ETag 标识所读到的内容。',
  'The user as it is now. Another role or merchant ends the sessions.':
    '用户现在的内容。角色或商户改变会结束其会话。',
  'The link: nobody can read it again.': '链接：以后无法再次读取。',
  'The user, whose sessions and links have ended.': '用户，其会话和链接均已结束。',
  'The user, with the password that there was.': '用户，密码保持不变。',
  'The user, who signs in with the password alone.': '用户，登录只需密码。',
  'The password.': '密码。',
  'Six digits of the app.': '验证器应用给出的六位数字。',
  'The session; its cookie is `f2f_session`.': '会话；其 cookie 为 `f2f_session`。',
  'The session that the cookie is of.': 'cookie 所属的会话。',
  'The session has ended, and its cookie is taken away.': '会话已结束，cookie 已收回。',
  'What is behind # in the link.': '链接中 # 之后的内容。',
  'At least 12 characters, of any kind; not the name, and none that everybody tries.':
    '至少 12 个任意字符；不能是名称，也不能是常见密码。',
  'The session of the user whose link it was.': '链接所属用户的会话。',
  'A new session; all others of the user have ended.': '新的会话；该用户的其他会话均已结束。',
  'The secret, which counts once a code of it was shown.': '密钥，输入一次由它得出的验证码后生效。',
  'The sign-in asks for the password alone.': '登录只需密码。',
  'From now on the sign-in asks for a code.': '此后登录需要验证码。',
  'The gateway. Counts are of what the caller may see; `settings` is null without the scope `administer`.':
    '网关。计数限于调用方可见的范围；没有 `administer` 权限时 `settings` 为 null。',
  'The Alipay behind it is the simulator: no payment moves money.':
    '背后的支付宝是模拟器：支付不涉及真实资金。',
  'Where the gateway reaches the simulator; null without one.':
    '网关访问模拟器的地址；没有则为 null。',
  'Where a guest of the simulator pays; null without one.': '模拟顾客付款的地址；没有则为 null。',
  'The program’s.': '程序的版本。',
  'Where everything is kept.': '数据保存在哪里。',
  'Which Alipay is behind it.': '背后是哪个支付宝。',
  'How Alipay reaches the gateway, if it can.': '支付宝访问网关的地址，如果有。',
  'Somebody may still pay them.': '仍可能有人付款的支付。',
  'Open ones of which Alipay’s last answer taught nothing, or that nobody asks about any more.':
    '支付宝最近一次应答未能说明结果、或已不再询问的未决支付。',
  'They wait for a person.': '等待人工处理。',
  'Null when it is not set, and for every secret.': '未设置时为 null，机密一律为 null。',
  'Each of docs/settings.md.': 'docs/settings.md 中的每一项。',
  'What this one did: `user_…`, `key_…`, `operator_cli` or `nobody`.':
    '由谁操作：`user_…`、`key_…`、`operator_cli` 或 `nobody`。',
  'An `operationId`: `createRefund`.': '`operationId`，例如 `createRefund`。',
  'What was done to this one, or made it: `re_…`.': '操作的对象或所创建的对象：`re_…`。',
  'A page of entries. One without an `outcome` is under way, or the gateway died before it was answered.':
    '一页条目。没有 `outcome` 的仍在进行，或网关在应答前崩溃。',
};
