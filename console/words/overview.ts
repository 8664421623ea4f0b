/** Words of the first page: what needs somebody, and the figures. */
import type { WordTable } from './words.ts';

export const OVERVIEW = {
  attention: { en: 'Needs attention', zh: '需要处理' },
  nothing: { en: 'Nothing waits for anybody.', zh: '没有需要处理的事项。' },
  incidents: { en: 'Incidents', zh: '待办' },
  incidentsHint: {
    en: 'The gateway could not decide these: read what to do',
    zh: '网关无法自行判断，查看处理办法',
  },
  doubtful: { en: 'Payments in doubt', zh: '结果存疑的支付' },
  doubtfulHint: {
    en: 'Alipay’s last answer was not conclusive: open one below and check now',
    zh: '支付宝最近的应答没有结论：在下方打开并立即查询',
  },
  open: { en: 'Open payments', zh: '进行中的支付' },
  openHint: {
    en: 'A guest may still pay these; they end by themselves',
    zh: '顾客仍可付款，到时自动结束',
  },
  openList: { en: 'Oldest open payments', zh: '最早的进行中支付' },
  allUnknown: { en: 'All with an unknown outcome', zh: '全部结果待确认的支付' },
  allWaiting: { en: 'All that await the guest', zh: '全部等待付款的支付' },
  period: { en: 'Time', zh: '时间' },
  figures: { en: 'Figures', zh: '数据' },
  amount: { en: 'Paid', zh: '收款金额' },
  count: { en: 'Payments', zh: '收款笔数' },
  rate: { en: 'Success rate', zh: '成功率' },
  average: { en: 'Average', zh: '笔均金额' },
  refunds: { en: 'Refunds', zh: '退款' },
  refundCount: {
    en: (count: string) => (count === '1' ? '1 refund' : `${count} refunds`),
    zh: (count: string) => `${count} 笔`,
  },
  same: { en: 'no change', zh: '持平' },
  fresh: { en: 'nothing before', zh: '此前无数据' },
  more: { en: (text: string) => `${text} more`, zh: (text: string) => `增加 ${text}` },
  less: { en: (text: string) => `${text} less`, zh: (text: string) => `减少 ${text}` },
  points: { en: (text: string) => `${text} points`, zh: (text: string) => `${text} 个百分点` },
  none: { en: 'none', zh: '无' },
  chart: { en: 'Paid over time', zh: '收款走势' },
  chartNow: { en: 'This period', zh: '本期' },
  chartBefore: { en: 'Period before', zh: '上期' },
  chartSummary: {
    en: (total: string, most: string, when: string) =>
      `${total} in all; the most, ${most}, at ${when}. The table below has all figures.`,
    zh: (total: string, most: string, when: string) =>
      `合计 ${total}；最高 ${most}，在 ${when}。下方表格有全部数据。`,
  },
  point: {
    en: (when: string, amount: string, count: string) => `${when}: ${amount}, ${count} paid`,
    zh: (when: string, amount: string, count: string) => `${when}：${amount}，${count} 笔`,
  },
  table: { en: 'The same as a table', zh: '以表格查看' },
  when: { en: 'When', zh: '时间' },
  byMethod: { en: 'By method', zh: '按付款方式' },
  byMerchant: { en: 'By merchant', zh: '按商户' },
  share: { en: 'Share', zh: '占比' },
  merchant: { en: 'Merchant', zh: '商户' },
  method: { en: 'Method', zh: '付款方式' },
  empty: {
    en: 'Nothing was paid in this period.',
    zh: '这段时间没有收款。',
  },
  toPayments: { en: 'To the payments', zh: '查看支付' },
} satisfies WordTable;

/** What a figure is compared with. */
export const COMPARED = {
  today: { en: 'compared with yesterday up to this hour', zh: '较昨日同时段' },
  yesterday: { en: 'compared with the day before', zh: '较前一日' },
  week: { en: 'compared with the 7 days before', zh: '较前 7 天' },
  month: { en: 'compared with the 30 days before', zh: '较前 30 天' },
} satisfies WordTable;
