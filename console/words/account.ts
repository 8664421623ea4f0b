/** Words of a person's own account. */
import type { WordTable } from './words.ts';

export const ACCOUNT = {
  name: { en: 'Name', zh: '用户名' },
  displayName: { en: 'Shown as', zh: '显示名称' },
  role: { en: 'Role', zh: '角色' },
  merchant: { en: 'Merchant', zh: '商户' },
  allMerchants: { en: 'All merchants', zh: '全部商户' },
  lastSignIn: { en: 'Signed in last', zh: '上次登录' },
} satisfies WordTable;
