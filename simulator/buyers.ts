/**
 * The simulator's two buyers: one who can always pay, one who never can. Their numbers and masked
 * names have Alipay's shape (protocol 2, identifier formats). They have no balance to keep: what
 * they paid is in their trades.
 */
import type { Buyer } from './book/entities.ts';

export type Wallet = { userId: string; logonId: string; canPay: boolean };

export const WALLETS: Record<Buyer, Wallet> = {
  rich: { userId: '2088102177846880', logonId: '159****5620', canPay: true },
  poor: { userId: '2088102177846881', logonId: '854***@qq.com', canPay: false },
};
