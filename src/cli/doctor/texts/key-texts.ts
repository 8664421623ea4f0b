/**
 * What the doctor says about keys: those of the apps in the database, and files with keys or certificates that it is given.
 * The checks are in `../app-keys.ts` and `../key-files.ts`.
 */
import type { FindingText } from '../finding-text.ts';

const APP_KEY_TEXTS = {
  no_apps: {
    severity: 'note',
    problem: {
      en: 'No shop is registered yet, so there are no keys.',
      zh: '尚未登记门店，因此没有密钥。',
    },
    fix: {
      en: 'Register one with /f2f/company/add.',
      zh: '请用 /f2f/company/add 登记门店。',
    },
  },
  app_private_key_sealed: {
    severity: 'failure',
    problem: {
      en: 'App {app}: its private key does not open with this master key.',
      zh: '应用 {app}：用当前主密钥打不开其私钥。',
    },
    fix: {
      en: 'Put the right master key file back (F2F_MASTER_KEY_FILE); if it is lost, make new keys with company/update.',
      zh: '请恢复正确的主密钥文件（F2F_MASTER_KEY_FILE）；若已丢失，请用 company/update 更换密钥。',
    },
  },
  app_private_key_unreadable: {
    severity: 'failure',
    problem: {
      en: 'App {app}: its stored private key cannot be read ({problem}).',
      zh: '应用 {app}：无法读取所存的私钥（{problem}）。',
    },
    fix: {
      en: 'Put the last backup of the database back, or make new keys with company/update.',
      zh: '请恢复数据库最近的备份，或用 company/update 更换密钥。',
    },
  },
  app_certificate_expired: {
    severity: 'failure',
    problem: {
      en: 'App {app}: {whose} certificate ended at {at}.',
      zh: '应用 {app}：{whoseZh}已于 {at} 到期。',
    },
    fix: {
      en: 'Renew it at Alipay and give the three files to PUT /v2/merchants/ID/certificates; until then Alipay refuses, or cannot be believed.',
      zh: '请在支付宝更新证书，并把三个文件交给 PUT /v2/merchants/ID/certificates；在此之前支付宝会拒绝请求，或其应答不可信。',
    },
  },
  app_certificate_ends_soon: {
    severity: 'warning',
    problem: {
      en: 'App {app}: {whose} certificate ends at {at}.',
      zh: '应用 {app}：{whoseZh}将于 {at} 到期。',
    },
    fix: {
      en: 'Renew it at Alipay before that, and give the three files to PUT /v2/merchants/ID/certificates.',
      zh: '请在此之前到支付宝更新证书，并把三个文件交给 PUT /v2/merchants/ID/certificates。',
    },
  },
  app_key_too_short: {
    severity: 'failure',
    problem: {
      en: 'App {app}: its key has {bits} bits; {signType} needs {needed}.',
      zh: '应用 {app}：密钥只有 {bits} 位；{signType} 需要 {needed} 位。',
    },
    fix: {
      en: 'Make new keys with company/update and upload the new public key to Alipay.',
      zh: '请用 company/update 更换密钥，并把新公钥上传支付宝。',
    },
  },
  app_sign_type_old: {
    severity: 'warning',
    problem: {
      en: 'App {app}: it signs with RSA (SHA-1, {bits} bits), which Alipay keeps for old applications only.',
      zh: '应用 {app}：使用 RSA（SHA-1，{bits} 位）签名，支付宝只为旧应用保留这种方式。',
    },
    fix: {
      en: 'Change to RSA2 with company/update, and upload the new public key to Alipay.',
      zh: '请用 company/update 改为 RSA2，并把新公钥上传支付宝。',
    },
  },
  app_pair_differs: {
    severity: 'failure',
    problem: {
      en: 'App {app}: the public key that shops are told does not belong to the private key that signs.',
      zh: '应用 {app}：告知门店的公钥与用于签名的私钥不是一对。',
    },
    fix: {
      en: 'Make new keys with company/update and upload the new public key to Alipay.',
      zh: '请用 company/update 更换密钥，并把新公钥上传支付宝。',
    },
  },
  alipay_key_missing: {
    severity: 'failure',
    problem: {
      en: "App {app}: nobody gave Alipay's public key, so nothing is sent to Alipay.",
      zh: '应用 {app}：未提供支付宝公钥，因此不会向支付宝发送任何请求。',
    },
    fix: {
      en: "Copy Alipay's public key from the app's page at Alipay, and give it to company/update as cpiAlipubKey.",
      zh: '请在开放平台该应用的页面复制支付宝公钥，作为 cpiAlipubKey 提交给 company/update。',
    },
  },
  alipay_key_of_simulator: {
    severity: 'failure',
    problem: {
      en: "App {app}: the simulator's key stands where that of the real Alipay belongs, left over from a trial.",
      zh: '应用 {app}：应存支付宝公钥之处是试用时留下的模拟器公钥。',
    },
    fix: {
      en: "Copy Alipay's public key from the app's page at Alipay, and give it to company/update as cpiAlipubKey.",
      zh: '请在开放平台该应用的页面复制支付宝公钥，作为 cpiAlipubKey 提交给 company/update。',
    },
  },
  alipay_key_unreadable: {
    severity: 'failure',
    problem: {
      en: "App {app}: Alipay's public key cannot be read ({problem}).",
      zh: '应用 {app}：无法读取支付宝公钥（{problem}）。',
    },
    fix: {
      en: 'Copy it from the app’s page at Alipay once more, and give it to company/update as cpiAlipubKey.',
      zh: '请在开放平台该应用的页面重新复制，作为 cpiAlipubKey 提交给 company/update。',
    },
  },
  alipay_key_short: {
    severity: 'warning',
    problem: {
      en: "App {app}: Alipay's public key has {bits} bits; that of RSA2 has 2048.",
      zh: '应用 {app}：支付宝公钥为 {bits} 位；RSA2 的应为 2048 位。',
    },
    fix: {
      en: "Copy the RSA2 key from the app's page at Alipay, not that of RSA (SHA1).",
      zh: '请在开放平台该应用的页面复制 RSA2 的公钥，而不是 RSA(SHA1) 的。',
    },
  },
  alipay_key_is_own: {
    severity: 'failure',
    problem: {
      en: "App {app}: the app's own public key was pasted where Alipay's belongs, so no answer of Alipay can be verified.",
      zh: '应用 {app}：应填支付宝公钥之处填了应用公钥，因此支付宝的任何应答都无法验签。',
    },
    fix: {
      en: "Copy the key named 支付宝公钥 (not 应用公钥) from the app's page at Alipay, and give it to company/update as cpiAlipubKey.",
      zh: '请在开放平台该应用的页面复制“支付宝公钥”（不是“应用公钥”），作为 cpiAlipubKey 提交给 company/update。',
    },
  },
  alipay_key_is_of_other_app: {
    severity: 'failure',
    problem: {
      en: "App {app}: the public key that this gateway made for app {other} was pasted where Alipay's belongs.",
      zh: '应用 {app}：应填支付宝公钥之处填了本网关为应用 {other} 生成的应用公钥。',
    },
    fix: {
      en: "Copy the key named 支付宝公钥 (not 应用公钥) from the app's page at Alipay, and give it to company/update as cpiAlipubKey.",
      zh: '请在开放平台该应用的页面复制“支付宝公钥”（不是“应用公钥”），作为 cpiAlipubKey 提交给 company/update。',
    },
  },
} as const satisfies Readonly<Record<string, FindingText>>;

const KEY_FILE_TEXTS = {
  key_file_unreadable: {
    severity: 'failure',
    problem: { en: '{file} cannot be read ({why}).', zh: '无法读取 {file}（{why}）。' },
    fix: { en: 'Give the path of a readable file.', zh: '请给出可读取的文件路径。' },
  },
  key_file_empty: {
    severity: 'failure',
    problem: { en: '{file} is empty.', zh: '{file} 是空文件。' },
    fix: { en: 'Copy the key into it once more.', zh: '请重新把密钥复制到该文件。' },
  },
  key_file_no_key: {
    severity: 'failure',
    problem: {
      en: '{file} holds neither a key nor a certificate that can be read.',
      zh: '{file} 中没有可读取的密钥或证书。',
    },
    fix: {
      en: 'Copy it once more, whole: PEM from BEGIN to END, or one line of base64 without anything around it.',
      zh: '请完整地重新复制：PEM 从 BEGIN 到 END，或前后没有其他内容的一行 base64。',
    },
  },
  key_file_encrypted: {
    severity: 'failure',
    problem: {
      en: '{file} holds a private key under a password.',
      zh: '{file} 中的私钥有密码保护。',
    },
    fix: {
      en: 'Take the password off with openssl pkey -in {file} -out NEW, and keep NEW as secret as the password.',
      zh: '请用 openssl pkey -in {file} -out NEW 去掉密码，并像保护密码一样保护 NEW。',
    },
  },
  key_file_not_rsa: {
    severity: 'failure',
    problem: {
      en: '{file} holds a key of another kind than RSA.',
      zh: '{file} 中的密钥不是 RSA 密钥。',
    },
    fix: {
      en: "Make an RSA key of 2048 bits with Alipay's key tool or with openssl genrsa 2048.",
      zh: '请用支付宝密钥工具或 openssl genrsa 2048 生成 2048 位 RSA 密钥。',
    },
  },
  key_file_too_short: {
    severity: 'failure',
    problem: {
      en: 'The key in {file} has {bits} bits, which Alipay accepts for nothing.',
      zh: '{file} 中的密钥只有 {bits} 位，支付宝不接受。',
    },
    fix: { en: 'Make one of 2048 bits.', zh: '请生成 2048 位的密钥。' },
  },
  key_file_weak: {
    severity: 'warning',
    problem: {
      en: 'The key in {file} has {bits} bits; RSA2 needs 2048.',
      zh: '{file} 中的密钥为 {bits} 位；RSA2 需要 2048 位。',
    },
    fix: {
      en: 'Make one of 2048 bits; 1024 is for old applications with sign type RSA only.',
      zh: '请生成 2048 位的密钥；1024 位只用于签名类型为 RSA 的旧应用。',
    },
  },
  key_file_private_expected: {
    severity: 'failure',
    problem: {
      en: '{file} holds a public key or a certificate where the private key belongs.',
      zh: '{file} 中是公钥或证书，而此处应为私钥。',
    },
    fix: {
      en: 'Give the other file of the pair; Alipay’s key tool calls it 应用私钥.',
      zh: '请给出这一对中的另一个文件；支付宝密钥工具称之为“应用私钥”。',
    },
  },
  key_file_public_expected: {
    severity: 'failure',
    problem: {
      en: '{file} holds a private key where a public one belongs.',
      zh: '{file} 中是私钥，而此处应为公钥。',
    },
    fix: {
      en: 'Give the public key, and nobody the private one; if it was sent to anybody, make a new pair.',
      zh: '请给出公钥，私钥不要交给任何人；若已外发，请重新生成一对。',
    },
  },
  private_key_pkcs1: {
    severity: 'note',
    problem: {
      en: '{file} is a private key in PKCS#1, as programs in other languages than Java take it.',
      zh: '{file} 是 PKCS#1 私钥，适用于非 Java 语言的程序。',
    },
    fix: {
      en: 'For Java, turn it into PKCS#8: openssl pkcs8 -topk8 -nocrypt -in {file} -out NEW.',
      zh: '供 Java 使用时请转成 PKCS#8：openssl pkcs8 -topk8 -nocrypt -in {file} -out NEW。',
    },
  },
  private_key_pkcs8: {
    severity: 'note',
    problem: {
      en: '{file} is a private key in PKCS#8, as Java takes it.',
      zh: '{file} 是 PKCS#8 私钥，适用于 Java。',
    },
    fix: {
      en: 'For programs that want PKCS#1: openssl rsa -traditional -in {file} -out NEW.',
      zh: '供需要 PKCS#1 的程序使用时：openssl rsa -traditional -in {file} -out NEW。',
    },
  },
  public_key_pkcs1: {
    severity: 'warning',
    problem: {
      en: '{file} is a public key in PKCS#1; Alipay takes and gives SPKI (BEGIN PUBLIC KEY).',
      zh: '{file} 是 PKCS#1 公钥；支付宝使用的是 SPKI（BEGIN PUBLIC KEY）。',
    },
    fix: {
      en: 'Turn it: openssl rsa -RSAPublicKey_in -in {file} -pubout.',
      zh: '请转换：openssl rsa -RSAPublicKey_in -in {file} -pubout。',
    },
  },
  key_files_differ: {
    severity: 'failure',
    problem: {
      en: '{privateFile} and {publicFile} are not a pair.',
      zh: '{privateFile} 与 {publicFile} 不是一对。',
    },
    fix: {
      en: 'Take the public key from the private one: openssl pkey -in {privateFile} -pubout.',
      zh: '请由私钥得出公钥：openssl pkey -in {privateFile} -pubout。',
    },
  },
  key_file_own_for_alipay: {
    severity: 'failure',
    problem: {
      en: "{file} is given as Alipay's public key and is the app's own.",
      zh: '{file} 作为支付宝公钥给出，实际是应用自己的公钥。',
    },
    fix: {
      en: "Copy the key named 支付宝公钥 (not 应用公钥) from the app's page at Alipay.",
      zh: '请在开放平台该应用的页面复制“支付宝公钥”（不是“应用公钥”）。',
    },
  },
  key_file_app_for_alipay: {
    severity: 'failure',
    problem: {
      en: "{file} is given as Alipay's public key and is the one that this gateway made for app {app}.",
      zh: '{file} 作为支付宝公钥给出，实际是本网关为应用 {app} 生成的应用公钥。',
    },
    fix: {
      en: "Copy the key named 支付宝公钥 (not 应用公钥) from the app's page at Alipay.",
      zh: '请在开放平台该应用的页面复制“支付宝公钥”（不是“应用公钥”）。',
    },
  },
  certificate_expired: {
    severity: 'failure',
    problem: {
      en: 'The certificate in {file} ({subject}) ended at {at}.',
      zh: '{file} 中的证书（{subject}）已于 {at} 到期。',
    },
    fix: {
      en: "Get the new one from the app's page at Alipay.",
      zh: '请在开放平台该应用的页面取得新证书。',
    },
  },
  certificate_ends_soon: {
    severity: 'warning',
    problem: {
      en: 'The certificate in {file} ({subject}) ends at {at}.',
      zh: '{file} 中的证书（{subject}）将于 {at} 到期。',
    },
    fix: {
      en: "Get the new one from the app's page at Alipay before that.",
      zh: '请在此之前于开放平台该应用的页面取得新证书。',
    },
  },
  certificate_not_begun: {
    severity: 'failure',
    problem: {
      en: 'The certificate in {file} ({subject}) is not valid before {at}.',
      zh: '{file} 中的证书（{subject}）自 {at} 起才有效。',
    },
    fix: {
      en: "See whether this host's clock is right; otherwise use the certificate of today.",
      zh: '请检查本机时钟；若无误，请使用当前有效的证书。',
    },
  },
  certificate_for_key: {
    severity: 'warning',
    problem: {
      en: '{file} holds a certificate ({subject}), where a bare public key belongs.',
      zh: '{file} 中是证书（{subject}），而这里需要的是公钥本身。',
    },
    fix: {
      en: "For an app in key mode (公钥模式) take Alipay's public key from its page. For one in certificate mode bring the three files on the merchant's page of the console, or with PUT /v2/merchants/ID/certificates.",
      zh: '公钥模式的应用：从其页面取得支付宝公钥。证书模式的应用：在管理后台的商户页面上传三个文件，或调用 PUT /v2/merchants/ID/certificates。',
    },
  },
  certificate_of_app_for_alipay: {
    severity: 'failure',
    problem: {
      en: "{file} is the app's certificate ({subject}) where Alipay's belongs.",
      zh: '{file} 是应用公钥证书（{subject}），而此处应为支付宝公钥证书。',
    },
    fix: {
      en: 'Give the file that Alipay calls alipayCertPublicKey_RSA2.crt.',
      zh: '请给出支付宝称为 alipayCertPublicKey_RSA2.crt 的文件。',
    },
  },
  certificate_of_alipay_for_app: {
    severity: 'failure',
    problem: {
      en: "{file} is Alipay's certificate ({subject}) where the app's own key belongs.",
      zh: '{file} 是支付宝公钥证书（{subject}），而此处应为应用公钥。',
    },
    fix: {
      en: 'Give the file that Alipay calls appCertPublicKey_APPID.crt.',
      zh: '请给出支付宝称为 appCertPublicKey_APPID.crt 的文件。',
    },
  },
  certificate_of_authority: {
    severity: 'failure',
    problem: {
      en: '{file} holds the certificate of an authority ({subject}), as alipayRootCert.crt does, where one of a key belongs.',
      zh: '{file} 中是证书颁发机构的证书（{subject}），如 alipayRootCert.crt，而此处应为公钥。',
    },
    fix: {
      en: 'Give alipayCertPublicKey_RSA2.crt or appCertPublicKey_APPID.crt.',
      zh: '请给出 alipayCertPublicKey_RSA2.crt 或 appCertPublicKey_APPID.crt。',
    },
  },
} as const satisfies Readonly<Record<string, FindingText>>;

export const KEY_TEXTS = { ...APP_KEY_TEXTS, ...KEY_FILE_TEXTS } as const;
