/**
 * A gateway that is fast and wrong is worth nothing: every answer that a till got is held against Alipay's own book. Pure,
 * so that a test can plant each mistake.
 */
import type { Trade } from '../test/support/simulator-client.ts';
import type { Sale } from './load.ts';

/** What is wrong, one sentence each; none when every sale was told paid, was charged once, and nothing else was charged. */
export function findWrongSales(sales: readonly Sale[], newTrades: readonly Trade[]): string[] {
  const trades = new Map(newTrades.map((trade) => [trade.outTradeNo, trade]));
  const told = new Map<string, Sale>();
  const wrong: string[] = [];
  for (const sale of sales) {
    const { localNo, paymentNo, code, amountFen } = sale;
    const trade = paymentNo === undefined ? undefined : trades.get(paymentNo);
    const amount = (amountFen / 100).toFixed(2);
    if (code !== '10000')
      wrong.push(`${localNo}: the till was told ${code}, and nothing was wrong`);
    else if (trade === undefined)
      wrong.push(`${localNo}: told paid, and Alipay has no ${paymentNo}`);
    else if (told.has(trade.outTradeNo))
      wrong.push(`${localNo}: told paid as ${paymentNo}, which is another sale's`);
    else if (trade.tradeStatus !== 'TRADE_SUCCESS' || trade.chargeCount !== 1)
      wrong.push(`${localNo}: ${trade.tradeStatus}, charged ${trade.chargeCount} times`);
    else if (trade.paidAmount !== amount)
      wrong.push(`${localNo}: rung up ${amount}, charged ${trade.paidAmount}`);
    if (trade !== undefined) told.set(trade.outTradeNo, sale);
  }
  for (const { outTradeNo } of newTrades) {
    if (!told.has(outTradeNo)) wrong.push(`${outTradeNo}: charged, and no till was told of it`);
  }
  return wrong;
}
