/** How a merchant stands, as a word in a colour. */
import { useState } from 'react';
import type { Merchant } from '../../../client/client.ts';
import { useWords } from '../../app/language.tsx';
import { dayText } from '../../time.ts';
import { STANDING_WORDS } from '../../words/merchants.ts';
import { Tag, type Tone } from '../state-tag.tsx';
import { standingOf, type Standing } from './standing.ts';

const TONES: Readonly<Record<Standing['kind'], Tone>> = {
  active: 'good',
  suspended: 'over',
  no_alipay_key: 'doubt',
  expiring: 'doubt',
  expired: 'bad',
};

export function MerchantTag({ merchant }: { readonly merchant: Merchant }) {
  const words = useWords(STANDING_WORDS);
  const [nowMs] = useState(Date.now);
  const standing = standingOf(merchant, nowMs);
  const text =
    'at' in standing
      ? words[standing.kind](dayText(Date.parse(standing.at)))
      : words[standing.kind];
  return <Tag tone={TONES[standing.kind]}>{text}</Tag>;
}
