/** Words of the people who sign in, as administrators see them. */
import type { User } from '../../client/client.ts';
import type { WordTable } from './words.ts';

export const USER_STATE_WORDS = {
  active: { en: 'Active', zh: '正常' },
  invited: { en: 'Invited', zh: '已邀请' },
  suspended: { en: 'Suspended', zh: '已停用' },
} satisfies WordTable & Record<User['state'], unknown>;

/** What each role may do. */
export const ROLE_DOES = {
  administrator: {
    en: 'Everything. Of one merchant: its payments, API keys and webhooks, and no users.',
    zh: '全部操作。只属于一个商户时：该商户的支付、API 密钥和 Webhook，不含用户。',
  },
  finance: { en: 'Sees and exports payments, and refunds.', zh: '查看和导出支付，办理退款。' },
  clerk: {
    en: 'Takes and cancels payments at the till, and sees them.',
    zh: '在收银台收款和撤销，可查看支付。',
  },
  read_only: { en: 'Sees and exports payments, no more.', zh: '只能查看和导出支付。' },
} satisfies WordTable & Record<User['role'], unknown>;

export const USERS = {
  tableOf: { en: 'Users, oldest first', zh: '用户列表，最早的在前' },
  none: { en: 'Nobody signs in here yet.', zh: '还没有用户。' },
  all: { en: 'All users', zh: '全部用户' },
  you: { en: 'You', zh: '您自己' },
  name: { en: 'Name at the sign-in', zh: '用户名' },
  nameHint: {
    en: 'Letters, digits and . _ @ + -; it cannot be changed later.',
    zh: '字母、数字和 . _ @ + -；之后不能修改。',
  },
  displayName: { en: 'Shown as', zh: '显示名称' },
  displayNameHint: { en: 'What others read', zh: '供他人识别' },
  role: { en: 'Role', zh: '角色' },
  merchant: { en: 'Merchant', zh: '商户' },
  merchantHint: {
    en: 'Of one merchant: sees and does nothing of any other.',
    zh: '选择一个商户后，看不到也不能操作其他商户。',
  },
  allMerchants: { en: 'All merchants', zh: '全部商户' },
  state: { en: 'State', zh: '状态' },
  lockedUntil: {
    en: (time: string) => `Locked until ${time}`,
    zh: (time: string) => `锁定至 ${time}`,
  },
  secondFactor: { en: 'Second factor', zh: '双重验证' },
  on: { en: 'On', zh: '已启用' },
  off: { en: 'Off', zh: '未启用' },
  lastSignIn: { en: 'Signed in last', zh: '上次登录' },
  never: { en: 'Never', zh: '从未登录' },
  created: { en: 'Invited', zh: '邀请时间' },
  id: { en: 'Id', zh: '编号' },
  facts: { en: 'Facts', zh: '资料' },
  did: { en: 'What this person did', zh: '此人的操作记录' },
  began: { en: 'Payments that this person began', zh: '此人发起的支付' },
  ownAccount: {
    en: 'This is you: see My account.',
    zh: '这是您自己，请到“我的账户”操作。',
  },
  ownEnds: {
    en: 'This is your own account: you are signed out at once.',
    zh: '这是您自己的账户：您会立即退出登录。',
  },

  invite: { en: 'Invite', zh: '邀请' },
  inviteTitle: { en: 'Invite somebody', zh: '邀请用户' },
  link: { en: 'One-time link', zh: '一次性链接' },
  linkTitle: {
    en: (name: string) => `The link for ${name}`,
    zh: (name: string) => `“${name}”的链接`,
  },
  linkNote: {
    en: (until: string) =>
      `Send it to that person alone: whoever opens it chooses the password. It works once, until ${until}.`,
    zh: (until: string) =>
      `请只发给本人：打开链接的人即可设置密码。只能使用一次，${until} 前有效。`,
  },

  changeTitle: { en: 'Change the user', zh: '修改用户' },
  changeNote: {
    en: 'Another role or merchant ends this person’s sessions: the next sign-in has it.',
    zh: '修改角色或商户后，此人会退出登录，重新登录后生效。',
  },
  changeOwnNote: {
    en: 'This is your own account: another role or merchant signs you out at once.',
    zh: '这是您自己的账户：修改角色或商户后，您会立即退出登录。',
  },
  changed: { en: 'The user is changed', zh: '用户已修改' },

  newLink: { en: 'New link', zh: '生成新链接' },
  newLinkTitle: { en: 'Make a new link?', zh: '生成新链接？' },
  newLinkDoes: {
    en: 'This person is signed out everywhere, and older links end. The link lets whoever opens it choose a new password; until then the old one still works. A lock after wrong passwords ends, too.',
    zh: '此人会在所有设备上退出登录，之前的链接失效。打开新链接即可设置新密码，在此之前旧密码仍可使用。因密码错误造成的锁定也会解除。',
  },
  inviteAgainDoes: {
    en: 'The link that was sent before ends; this one takes its place.',
    zh: '之前发出的链接失效，由新链接代替。',
  },
  newLinkYes: { en: 'Make the link', zh: '确认生成' },
  resumeFirst: {
    en: 'Suspended people cannot use a link: resume first.',
    zh: '已停用的用户不能使用链接，请先恢复。',
  },

  suspend: { en: 'Suspend', zh: '停用' },
  suspendTitle: { en: 'Suspend this user?', zh: '停用该用户？' },
  suspendDoes: {
    en: 'This person is signed out everywhere at once, and cannot sign in until resumed. Links end; the password is kept.',
    zh: '此人立即在所有设备上退出登录，恢复之前不能登录。链接失效，密码保留。',
  },
  suspendYes: { en: 'Suspend the user', zh: '确认停用' },
  suspended: { en: 'Suspended: the user cannot sign in', zh: '已停用，该用户不能登录' },
  resume: { en: 'Resume', zh: '恢复' },
  resumeTitle: { en: 'Let this user in again?', zh: '恢复该用户？' },
  resumeDoes: {
    en: 'With the password that there was. Whoever had none yet needs a new link.',
    zh: '使用原来的密码登录。尚未设置密码的用户需要新链接。',
  },
  resumeYes: { en: 'Let the user in', zh: '确认恢复' },
  resumed: { en: 'The user may sign in again', zh: '该用户可以重新登录' },

  resetTotp: { en: 'Reset the second factor', zh: '重置双重验证' },
  resetTotpTitle: { en: 'Reset the second factor?', zh: '重置双重验证？' },
  resetTotpDoes: {
    en: 'For whoever lost the telephone. This person is signed out everywhere, and signs in with the password alone until a new second factor is set up. Be sure who asks you for it.',
    zh: '适用于手机丢失的情况。此人会在所有设备上退出登录，重新设置之前只凭密码登录。请先确认对方身份。',
  },
  resetTotpYes: { en: 'Reset it', zh: '确认重置' },
  totpReset: { en: 'The second factor is reset', zh: '双重验证已重置' },
  noTotp: { en: 'There is no second factor to reset.', zh: '未启用双重验证，无需重置。' },
} satisfies WordTable;
