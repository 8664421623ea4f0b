/**
 * The simulator's two buyers: one who can always pay, one who never can. Their numbers and masked
 * names have Alipay's shape (protocol 2, identifier formats). They have no balance to keep: what
 * they paid is in their trades, and the balance that the wallet shows is worked out from it.
 */
import type { Buyer } from './book/entities.ts';

export type Wallet = { userId: string; logonId: string; canPay: boolean };

export const WALLETS: Record<Buyer, Wallet> = {
  rich: { userId: '2088102177846880', logonId: '159****5620', canPay: true },
  poor: { userId: '2088102177846881', logonId: '854***@qq.com', canPay: false },
};

/** The rich one's account is filled up with as much again whenever it runs out. */
const FILLED_UP_FEN = 100_000_000;

/** What is left after `spentFen`. */
export function balanceFen(buyer: Buyer, spentFen: number): number {
  return WALLETS[buyer].canPay ? FILLED_UP_FEN - (spentFen % FILLED_UP_FEN) : 0;
}
