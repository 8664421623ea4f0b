/** Words for stretches of time: today, yesterday, a week, a month. */
import type { WordTable } from './words.ts';

export const PERIOD_WORDS = {
  today: { en: 'Today', zh: '今天' },
  yesterday: { en: 'Yesterday', zh: '昨天' },
  week: { en: '7 days', zh: '近 7 天' },
  month: { en: '30 days', zh: '近 30 天' },
} satisfies WordTable;
