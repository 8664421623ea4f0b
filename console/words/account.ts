/** Words of a person's own account. */
import type { WordTable } from './words.ts';

export const ACCOUNT = {
  facts: { en: 'Facts', zh: '资料' },
  name: { en: 'Name', zh: '用户名' },
  displayName: { en: 'Shown as', zh: '显示名称' },
  role: { en: 'Role', zh: '角色' },
  merchant: { en: 'Merchant', zh: '商户' },
  allMerchants: { en: 'All merchants', zh: '全部商户' },
  lastSignIn: { en: 'Signed in last', zh: '上次登录' },
  changedByOthers: {
    en: 'An administrator changes these, under Users.',
    zh: '以上内容由管理员在“用户”中修改。',
  },

  password: { en: 'Password', zh: '密码' },
  passwordNote: {
    en: 'Changing it signs you out everywhere else.',
    zh: '修改后，您在其他设备上会退出登录。',
  },
  mustChange: {
    en: 'Your password is too easy to guess: it would be refused today. Please choose another one.',
    zh: '您的密码过于简单，已不符合现在的要求，请更换。',
  },
  change: { en: 'Change the password', zh: '修改密码' },
  changeTitle: { en: 'Change your password', zh: '修改密码' },
  ownPassword: { en: 'Your password now', zh: '当前密码' },
  changed: { en: 'The password is changed', zh: '密码已修改' },

  secondFactor: { en: 'Second factor', zh: '双重验证' },
  on: { en: 'On', zh: '已启用' },
  off: { en: 'Off', zh: '未启用' },
  onNote: {
    en: 'The sign-in asks for a code of your app beside the password. If the telephone is lost, an administrator can reset it.',
    zh: '登录时除密码外还需输入验证码。手机丢失时，可请管理员重置。',
  },
  offNote: {
    en: 'An authenticator app on your telephone shows a code that the sign-in then asks for: a password that somebody else knows is not enough.',
    zh: '启用后，登录时还需输入手机身份验证器中的验证码：即使密码泄露，他人也无法登录。',
  },
  setUp: { en: 'Set up', zh: '设置' },
  setUpTitle: { en: 'Set up the second factor', zh: '设置双重验证' },
  setUpYes: { en: 'Turn it on', zh: '启用' },
  scan: {
    en: 'Scan this with an authenticator app (any that knows TOTP), or type the secret into it. Then type the code that it shows.',
    zh: '用身份验证器应用（支持 TOTP 即可）扫码，或手动输入密钥，然后填写应用显示的验证码。',
  },
  qr: { en: 'QR code for the authenticator app', zh: '供身份验证器扫描的二维码' },
  secret: { en: 'The secret, to type', zh: '密钥（手动输入）' },
  code: { en: 'Code of the app', zh: '验证码' },
  codeHint: { en: 'Six digits', zh: '六位数字' },
  isOn: { en: 'On: the next sign-in asks for a code', zh: '已启用，下次登录需要验证码' },
  remove: { en: 'Turn it off', zh: '关闭' },
  removeTitle: { en: 'Turn the second factor off?', zh: '关闭双重验证？' },
  removeDoes: {
    en: 'The sign-in then asks for the password alone. To use another telephone, turn it off and set it up anew.',
    zh: '之后登录只需密码。更换手机时，请先关闭再重新设置。',
  },
  removeYes: { en: 'Turn it off', zh: '确认关闭' },
  isOff: { en: 'Off: the sign-in asks for the password alone', zh: '已关闭，登录只需密码' },
} satisfies WordTable;
