/** Words of webhook deliveries: what an endpoint was sent, and what came of it. */
import type { WebhookDelivery } from '../../client/client.ts';
import type { WordTable } from './words.ts';

export const DELIVERIES = {
  title: { en: 'Deliveries', zh: '投递记录' },
  tableOf: { en: 'Deliveries, newest first', zh: '投递记录，最新的在前' },
  keptNote: {
    en: 'A delivery is kept for 30 days after it ended.',
    zh: '投递结束后，记录保留 30 天。',
  },
  none: { en: 'Nothing was sent yet.', zh: '还没有投递。' },
  noneMatch: { en: 'No delivery is in this state.', zh: '没有处于该状态的投递。' },
  anyState: { en: 'Any state', zh: '全部状态' },
  event: { en: 'Event', zh: '事件' },
  payment: { en: 'Payment', zh: '支付' },
  state: { en: 'State', zh: '状态' },
  attempts: { en: 'Attempts', zh: '尝试次数' },
  next: { en: 'Next attempt', zh: '下次尝试' },
  one: { en: 'Delivery', zh: '投递' },
  close: { en: 'Close', zh: '关闭' },
  noAttempt: { en: 'It was not tried yet.', zh: '尚未尝试。' },
  attempt: {
    en: (number: number) => `Attempt ${number}`,
    zh: (number: number) => `第 ${number} 次尝试`,
  },
  status: {
    en: (status: number) => `Answered ${status}`,
    zh: (status: number) => `应答 ${status}`,
  },
  noAnswer: { en: 'No answer', zh: '无应答' },
  fault: { en: 'Fault', zh: '故障' },
  tookMs: {
    en: (durationMs: number) => `${durationMs} ms`,
    zh: (durationMs: number) => `${durationMs} 毫秒`,
  },
  sentTo: { en: 'Sent to', zh: '发送至' },
  requestHeaders: { en: 'Headers sent', zh: '发送的请求头' },
  request: { en: 'What was sent', zh: '发送内容' },
  answerHeaders: { en: 'Headers answered', zh: '应答头' },
  answer: { en: 'What it answered', zh: '应答内容' },
  again: { en: 'Send again', zh: '重发' },
  againDone: {
    en: 'It is sent again, within half a minute',
    zh: '将在半分钟内重发',
  },
  range: { en: 'Resend a period', zh: '重发一段时间' },
  rangeTitle: { en: 'Resend the events of a period', zh: '重发一段时间内的事件' },
  rangeNote: {
    en: 'All events of this period that the endpoint hears are sent, also those that it took before: your program must bear hearing an event twice. Times are those of Shanghai.',
    zh: '发送这段时间内该端点应接收的全部事件，包括以前已接收的：您的程序须能承受同一事件到达两次。时间为上海时间。',
  },
  from: { en: 'From', zh: '开始' },
  until: { en: 'Until (not included)', zh: '结束（不含）' },
  timeBad: { en: 'The end comes after the beginning', zh: '结束须晚于开始' },
  rangeYes: { en: 'Send them again', zh: '开始重发' },
  rangeSoFar: {
    en: (count: number) => `${count} so far`,
    zh: (count: number) => `已提交 ${count} 个`,
  },
  rangeDone: {
    en: (count: number) =>
      count === 1 ? '1 event is sent again' : `${count} events are sent again`,
    zh: (count: number) => `正在重发 ${count} 个事件`,
  },
  rangeNone: {
    en: 'Nothing that this endpoint hears happened in that time.',
    zh: '这段时间内没有该端点应接收的事件。',
  },
} satisfies WordTable;

export const DELIVERY_STATE_WORDS = {
  pending: { en: 'To be sent', zh: '待投递' },
  delivered: { en: 'Taken', zh: '已接收' },
  failed: { en: 'Given up', zh: '已放弃' },
} satisfies WordTable & Record<WebhookDelivery['state'], unknown>;
