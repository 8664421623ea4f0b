/** Words of whatever a person does on any page: asking, sending, copying, and what is shown once. */
import type { WordTable } from './words.ts';

export const ACTS = {
  copy: { en: 'Copy', zh: '复制' },
  copied: { en: 'Copied', zh: '已复制' },
  giveUp: { en: 'Cancel', zh: '取消' },
  save: { en: 'Save', zh: '保存' },
  close: { en: 'Close', zh: '关闭' },
  edit: { en: 'Edit', zh: '编辑' },
  needed: { en: 'Please fill this in', zh: '请填写此项' },
  onceOnly: {
    en: 'It is shown once. Nobody can read it again, neither here nor in the database.',
    zh: '仅显示这一次。此后在页面和数据库中都无法再次查看。',
  },
  stored: { en: 'I have stored it', zh: '我已妥善保存' },
  readAgain: { en: 'Read it again', zh: '重新读取' },
  pages: { en: 'Pages of the list', zh: '列表分页' },
  firstPage: { en: 'First', zh: '首页' },
  pageBefore: { en: 'Back', zh: '上一页' },
  nextPage: { en: 'More', zh: '下一页' },
} satisfies WordTable;
