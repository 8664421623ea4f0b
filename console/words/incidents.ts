/** Words of incidents: what waits for a person. What each is about, the API says. */
import type { WordTable } from './words.ts';

export const INCIDENTS = {
  explain: {
    en: 'What the gateway could not decide by itself. Resolving says that somebody looked; it moves no money.',
    zh: '网关无法自行判断的事项。“处理完毕”只表示有人看过，不涉及款项变动。',
  },
  which: { en: 'Which', zh: '范围' },
  noneOpen: { en: 'Nothing waits for anybody.', zh: '没有待处理的事项。' },
  noneResolved: { en: 'Nothing was resolved yet.', zh: '还没有已处理的事项。' },
  happened: { en: 'What happened', zh: '发生了什么' },
  undecided: { en: 'Why the gateway did not decide', zh: '网关为何没有自行判断' },
  advice: { en: 'What you can do', zh: '如何处理' },
  payment: { en: 'Payment', zh: '支付' },
  refund: { en: 'Refund', zh: '退款' },
  merchant: { en: 'Merchant', zh: '商户' },
  opened: { en: 'Since', zh: '开始于' },
  seen: {
    en: (count: number, at: string) =>
      count === 1 ? `seen once` : `seen ${count} times, last at ${at}`,
    zh: (count: number, at: string) => `共出现 ${count} 次，最近一次 ${at}`,
  },
  look: { en: 'Look at the payment', zh: '查看支付' },
  resolve: { en: 'Resolve', zh: '处理完毕' },
  resolveTitle: { en: 'Resolve this incident', zh: '处理该事项' },
  note: { en: 'What you found and did', zh: '核实结果与处理方式' },
  noteNeeded: { en: 'Please say what you found', zh: '请填写核实结果' },
  resolveYes: { en: 'Resolve with this note', zh: '保存并处理完毕' },
  resolveNo: { en: 'Not yet', zh: '暂不处理' },
  resolvedBy: {
    en: (who: string, at: string) => `Resolved by ${who} at ${at}`,
    zh: (who: string, at: string) => `${who} 于 ${at} 处理`,
  },
  done: { en: 'The incident is resolved.', zh: '该事项已处理。' },
} satisfies WordTable;
