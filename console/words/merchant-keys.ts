/** Words of a merchant’s keys and certificates, of the test at Alipay, and of the way to real money. */
import type { WordTable } from './words.ts';

export const KEYS_OF = {
  keys: { en: 'Keys', zh: '密钥' },
  ours: { en: 'The application’s public key (应用公钥)', zh: '应用公钥' },
  oursNote: {
    en: 'Give it to Alipay for this application. The private key never leaves the gateway.',
    zh: '请提交给支付宝的该应用。私钥从不离开网关。',
  },
  alipays: { en: 'Alipay’s public key (支付宝公钥)', zh: '支付宝公钥' },
  alipaysMissing: {
    en: 'It is missing: no answer could be verified, so nothing is sent. Alipay shows it after you saved the application’s key.',
    zh: '尚未填写：无法验证应答，因此不会发送任何请求。在支付宝保存应用公钥后即可看到。',
  },
  alipaysInCertificate: {
    en: 'It comes with Alipay’s certificate.',
    zh: '由支付宝公钥证书提供。',
  },
  give: { en: 'Enter Alipay’s key', zh: '填写支付宝公钥' },
  replace: { en: 'Replace Alipay’s key', zh: '更换支付宝公钥' },
  giveTitle: { en: 'Alipay’s public key', zh: '支付宝公钥' },
  giveHint: {
    en: 'Copy 支付宝公钥 from Alipay’s page. It is not the key that you gave to Alipay: that is the commonest mistake.',
    zh: '请从支付宝页面复制“支付宝公钥”。不是您提交给支付宝的应用公钥——这是最常见的错误。',
  },
  given: { en: 'Alipay’s key is stored', zh: '支付宝公钥已保存' },

  next: { en: 'A new key pair', zh: '更换密钥对' },
  nextNote: {
    en: 'Payments go on meanwhile: the new pair signs only when Alipay has accepted it.',
    zh: '期间收款不受影响：支付宝接受之后才用新密钥签名。',
  },
  make: { en: 'Make a new key pair', zh: '生成新密钥对' },
  made: { en: 'The new key pair is made', zh: '新密钥对已生成' },
  nextKey: { en: 'The next public key', zh: '待启用的应用公钥' },
  nextSteps: {
    en: 'Save it at Alipay in place of the one before, test it, then let it take over.',
    zh: '请在支付宝用它替换原来的公钥，验证后再启用。',
  },
  nextMade: { en: (at: string) => `Made ${at}`, zh: (at: string) => `生成于 ${at}` },
  nextTest: { en: 'Test it', zh: '验证' },
  activate: { en: 'Let it take over', zh: '启用' },
  activateTitle: { en: 'Sign with the new key pair?', zh: '启用新密钥对？' },
  activateDoes: {
    en: 'The gateway asks Alipay once more with the new key. Only if Alipay accepts it, everything is signed with it from now on; payments under the old key go on.',
    zh: '网关会再用新密钥询问支付宝一次。只有支付宝接受，之后才全部用它签名；旧密钥下的支付不受影响。',
  },
  activated: { en: 'The new key pair signs from now on', zh: '已启用新密钥对' },
  drop: { en: 'Give it up', zh: '放弃' },
  dropTitle: { en: 'Give the new key pair up?', zh: '放弃新密钥对？' },
  dropDoes: {
    en: 'The key pair in use stays. If Alipay has the new key already, save the old one there again.',
    zh: '继续使用原来的密钥对。如果支付宝已换成新公钥，请在那里换回原来的。',
  },
  dropped: { en: 'The new key pair is given up', zh: '已放弃新密钥对' },

  certificates: { en: 'Certificates', zh: '证书' },
  certificatesNone: {
    en: 'The application signs with bare keys. Where Alipay asks for certificates: make the request, upload it there, and bring the three files that come back.',
    zh: '该应用使用密钥模式。若支付宝要求证书：生成证书请求，在支付宝上传，再把得到的三个文件带回来。',
  },
  certificatesNote: {
    en: 'Renewing is the same way: a request, Alipay’s three files.',
    zh: '续期方法相同：生成证书请求，上传支付宝给出的三个文件。',
  },
  appCertificate: { en: 'Application certificate', zh: '应用公钥证书' },
  alipayCertificate: { en: 'Alipay’s certificate', zh: '支付宝公钥证书' },
  rootCertificate: { en: 'Alipay’s root certificates', zh: '支付宝根证书' },
  appSerialNo: { en: 'Serial number, application', zh: '应用证书序列号' },
  alipaySerialNo: { en: 'Serial number, Alipay', zh: '支付宝证书序列号' },
  rootSerialNo: { en: 'Serial numbers, Alipay’s roots', zh: '支付宝根证书序列号' },
  ends: { en: (at: string) => `until ${at}`, zh: (at: string) => `有效期至 ${at}` },
  request: { en: 'Make a request (CSR)', zh: '生成证书请求（CSR）' },
  requestTitle: { en: 'Request for a certificate', zh: '证书请求' },
  organization: { en: 'Name of the company', zh: '公司名称' },
  organizationHint: {
    en: 'Exactly as Alipay has it: it refuses another',
    zh: '须与支付宝登记的完全一致，否则会被拒绝',
  },
  requestYes: { en: 'Make it', zh: '生成' },
  requestName: { en: 'The request', zh: '证书请求' },
  requestNote: {
    en: 'Upload it in 开发设置 → 接口加签方式 → 证书, and download three files there.',
    zh: '在“开发设置 → 接口加签方式 → 证书”上传，并下载三个文件。',
  },
  download: { en: 'Save as a file', zh: '保存为文件' },
  upload: { en: 'Bring the three files', zh: '上传三个证书' },
  uploadTitle: { en: 'Go over to certificates', zh: '启用证书' },
  uploadDoes: {
    en: 'The files are read, matched with the key and tried at Alipay; only then anything changes, for all merchants of the application.',
    zh: '先读取文件、核对密钥并在支付宝验证，全部通过后才更改；对该应用的所有商户生效。',
  },
  uploaded: { en: 'The application signs with certificates', zh: '该应用已使用证书' },
  fileNeeded: { en: 'Please choose this file', zh: '请选择此文件' },
  leave: { en: 'Back to bare keys', zh: '改回密钥模式' },
  leaveTitle: { en: 'Go back to bare keys', zh: '改回密钥模式' },
  left: { en: 'The application signs with bare keys', zh: '该应用已改回密钥模式' },
} satisfies WordTable;

export const TEST_WORDS = {
  test: { en: 'Test at Alipay', zh: '连接测试' },
  title: { en: 'What Alipay said', zh: '支付宝的应答' },
  ok: {
    en: 'Keys, contract and network are proven. No money moved.',
    zh: '密钥、签约和网络均已验证。没有资金变动。',
  },
  keyOk: { en: 'Alipay accepts the new key.', zh: '支付宝接受新密钥。' },
  failed: { en: 'Not proven yet.', zh: '尚未通过。' },
  heartbeat: { en: 'Does Alipay hear the shop?', zh: '支付宝能否收到该商户的心跳？' },
  query: { en: 'Does it answer about a trade?', zh: '能否查询交易？' },
} satisfies WordTable;

export const RESULT_WORDS = {
  ok: { en: 'Yes', zh: '是' },
  refused: { en: 'It refused', zh: '支付宝拒绝' },
  no_answer: { en: 'No answer that could be verified', zh: '没有可验证的应答' },
  not_configured: { en: 'Not asked', zh: '未询问' },
} satisfies WordTable;

/** What to do about an answer: by Alipay’s code, else by the result. */
export const ADVICE_WORDS = {
  not_configured: { en: 'Enter Alipay’s public key first.', zh: '请先填写支付宝公钥。' },
  'isv.invalid-signature': {
    en: 'Alipay has another public key for this application: give it the application’s key again. A new one may take minutes.',
    zh: '支付宝登记的是另一个应用公钥：请重新提交本页的应用公钥。更换后可能需要几分钟生效。',
  },
  'isv.missing-signature-config': {
    en: 'Alipay has no public key for this application yet: give it the application’s key.',
    zh: '支付宝尚无该应用的公钥：请提交本页的应用公钥。',
  },
  'isv.invalid-app-id': {
    en: 'Alipay knows no such application: a slip in the app id, or one of the sandbox.',
    zh: '支付宝没有这个应用：app id 有误，或属于沙箱。',
  },
  'isv.insufficient-isv-permissions': {
    en: '当面付 is not added to the application, not signed, or the application is not online.',
    zh: '应用未添加当面付、未签约或尚未上线。',
  },
  no_answer: {
    en: 'Either Alipay’s public key is not the right one, or the line is down: f2f doctor finds out which.',
    zh: '支付宝公钥有误，或网络不通：用 f2f doctor 可以查明。',
  },
} satisfies WordTable;

export const GUIDE = {
  title: { en: 'Going live', zh: '上线步骤' },
  done: { en: 'Done', zh: '已完成' },
  toDo: { en: 'To do', zh: '待完成' },
  contract: { en: 'Contract and application', zh: '签约与应用' },
  contractText: {
    en: 'In the merchant portal (b.alipay.com) sign 当面付 as the account that receives the money. In the open platform (open.alipay.com) make an application, add 当面付, and submit it until it says 已上线.',
    zh: '用收款账户在商家平台（b.alipay.com）签约“当面付”。在开放平台（open.alipay.com）创建应用，添加“当面付”，提交审核直到显示“已上线”。',
  },
  ours: { en: 'Our key to Alipay', zh: '把应用公钥交给支付宝' },
  oursText: {
    en: 'Copy the application’s public key below into 开发设置 → 接口加签方式 → 公钥 → RSA2.',
    zh: '复制下面的应用公钥，填入“开发设置 → 接口加签方式 → 公钥 → RSA2”。',
  },
  alipays: { en: 'Alipay’s key to us', zh: '把支付宝公钥交给网关' },
  alipaysText: {
    en: 'Copy 支付宝公钥 from the same page and enter it here. Where Alipay asks for certificates, see below instead.',
    zh: '从同一页面复制“支付宝公钥”并填写到这里。若支付宝要求证书，见下方“证书”。',
  },
  prove: { en: 'Prove it', zh: '验证' },
  proveText: {
    en: 'Two questions to Alipay that move nothing prove app id, keys, contract and network.',
    zh: '向支付宝提两个不涉及资金的问题，即可验证 app id、密钥、签约和网络。',
  },
  fen: { en: 'One fen', zh: '收一分钱' },
  fenText: {
    en: 'Take 0.01 yuan with your own phone at the cashier, look at it under Payments, and refund it.',
    zh: '在收银台用自己的手机付 0.01 元，在“支付”中查看，然后退款。',
  },
  simulated: {
    en: 'This gateway speaks with the simulator, which has exchanged the keys by itself. With the real Alipay the steps are yours.',
    zh: '本网关连接的是模拟器，密钥已自动交换。使用真实的支付宝时，需要您完成这些步骤。',
  },
} satisfies WordTable;
