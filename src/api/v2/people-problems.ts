/**
 * The part of the table of problems that is about people and their sessions; it is read as a part of `problem-table.ts`. None
 * tells a stranger whether there is somebody of a name.
 */
import type { Row } from './problem-row.ts';

export const PEOPLE_PROBLEMS = {
  sign_in_failed: {
    status: 401,
    en: 'The name, the password or the code is wrong.',
    zh: '用户名、密码或验证码有误。',
    when: {
      en: 'Which of them, and whether there is such a user, is never told. After five in a row the name waits.',
      zh: '从不说明是哪一项有误，也不说明用户是否存在。连续五次后该用户名须等待。',
    },
  },
  totp_required: {
    status: 401,
    en: 'Type the code that your app shows.',
    zh: '请输入验证器应用显示的验证码。',
    when: {
      en: 'The password (or the link) was right, and the user has a second factor: send the same again with `totp`.',
      zh: '密码（或链接）正确，而该用户启用了双重验证：请加上 `totp` 再次发送。',
    },
  },
  csrf_token_invalid: {
    status: 403,
    en: 'This request did not come from the gateway’s own page. Load the page again.',
    zh: '该请求并非来自网关自己的页面，请刷新页面。',
    when: {
      en: 'With a session, a request that changes something lacks the session’s `X-CSRF-Token`, or its `Origin` is another host.',
      zh: '使用会话时，修改类请求缺少该会话的 `X-CSRF-Token`，或 `Origin` 是其他主机。',
    },
  },
  link_invalid: {
    status: 404,
    en: 'This link is not valid any more. Ask for another one.',
    zh: '该链接已失效，请重新获取。',
    when: {
      en: 'It was used, is older than a day, or another one took its place; or the user is suspended.',
      zh: '已使用、超过一天或已被新链接取代；或用户已停用。',
    },
  },
  user_not_found: {
    status: 404,
    en: 'There is no such user.',
    zh: '找不到该用户。',
    when: { en: 'No user has this id.', zh: '没有这个编号的用户。' },
  },
  user_name_taken: {
    status: 409,
    en: 'Somebody has this name already. Choose another one.',
    zh: '该用户名已被使用，请换一个。',
    when: {
      en: 'Large and small letters are the same; a suspended user keeps the name.',
      zh: '不区分大小写；已停用的用户仍占用其用户名。',
    },
  },
  last_administrator: {
    status: 409,
    en: 'This is the last administrator: make somebody else one first.',
    zh: '这是最后一位管理员，请先指定另一位管理员。',
    when: {
      en: 'Nobody would be left who can let others in.',
      zh: '否则将没有人能够管理其他用户。',
    },
  },
  totp_already_on: {
    status: 409,
    en: 'The second factor is on already. Turn it off first, with your password.',
    zh: '双重验证已启用，请先用密码将其关闭。',
    when: {
      en: 'Whoever finds an open page must not put another telephone in the place of yours.',
      zh: '防止他人借用未锁定的页面换上另一部手机。',
    },
  },
  sign_in_locked: {
    status: 429,
    en: 'Too many wrong attempts. Wait as long as Retry-After says.',
    zh: '错误次数过多，请按 Retry-After 等待后重试。',
    when: {
      en: 'Five wrong passwords for a name: a minute, then two, at most an hour. Thirty from one address: the same. Whoever is signed in stays so.',
      zh: '同一用户名连续五次密码错误：等待一分钟，之后两分钟，最多一小时；同一地址三十次亦然。已登录的会话不受影响。',
    },
  },
} as const satisfies Record<string, Row>;
