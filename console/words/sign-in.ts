/** Words of signing in, and of redeeming a one-time link. */
import type { WordTable } from './words.ts';

export const SIGN_IN = {
  title: { en: 'Sign in', zh: '登录' },
  name: { en: 'Name', zh: '用户名' },
  password: { en: 'Password', zh: '密码' },
  totp: { en: 'Code of your authenticator app', zh: '身份验证器中的验证码' },
  totpHint: { en: 'Six digits; each code works once.', zh: '六位数字；每个验证码只能使用一次。' },
  submit: { en: 'Sign in', zh: '登录' },
  required: { en: 'Please fill this in', zh: '请填写' },
  again: { en: 'Sign in again', zh: '请重新登录' },
  againNote: {
    en: (name: string) =>
      `The session of ${name} has ended. Once signed in, the page goes on as it was left.`,
    zh: (name: string) => `${name} 的登录已失效。重新登录后，页面保持原样。`,
  },
  somebodyElse: { en: 'Sign in as somebody else', zh: '使用其他账户登录' },
  firstTime: {
    en: 'Nobody has an account yet? The gateway prints a one-time link for the first administrator when it starts.',
    zh: '还没有任何账户？网关启动时会打印供第一位管理员使用的一次性链接。',
  },
  forgot: {
    en: 'Forgot the password? An administrator can make a one-time link for you.',
    zh: '忘记密码？请管理员为您生成一次性链接。',
  },
} satisfies WordTable;

export const LINK = {
  title: { en: 'Choose a password', zh: '设置密码' },
  explain: {
    en: 'This link works once. For a first account choose a name as well; an invitation has one already.',
    zh: '此链接只能使用一次。第一个账户还需要填写用户名；受邀请的账户已有用户名。',
  },
  name: { en: 'Name (first account only)', zh: '用户名（仅第一个账户需要）' },
  password: { en: 'New password', zh: '新密码' },
  passwordHint: {
    en: 'At least 12 characters; a sentence is fine.',
    zh: '至少 12 个字符，可以是一句话。',
  },
  again: { en: 'The password again', zh: '再次输入密码' },
  differ: { en: 'The two passwords differ', zh: '两次输入的密码不一致' },
  submit: { en: 'Set password and sign in', zh: '设置密码并登录' },
  missing: {
    en: 'The link is not complete: copy all of it.',
    zh: '链接不完整，请完整复制。',
  },
} satisfies WordTable;
