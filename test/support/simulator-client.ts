/**
 * The simulator's control API, as a test uses it: what buyers do, what the network does, and the
 * book, which is the witness of where the money is. An answer other than 200 is an error here.
 */

export type Trade = {
  readonly appId: string;
  readonly outTradeNo: string;
  readonly tradeNo: string;
  readonly tradeStatus: string;
  readonly totalAmount: string;
  readonly paidAmount: string;
  readonly refundedAmount: string;
  readonly refunds: readonly { readonly outRequestNo: string; readonly amount: string }[];
  readonly chargeCount: number;
};

export type Fault = {
  readonly kind: string;
  readonly method?: string;
  readonly outTradeNo?: string;
  readonly times?: number;
  readonly ms?: number;
  readonly executed?: boolean;
};

export type SimulatorClient = {
  readonly trades: () => Promise<readonly Trade[]>;
  /** Undefined when Alipay knows no such trade. */
  readonly trade: (outTradeNo: string) => Promise<Trade | undefined>;
  readonly scan: (qrCode: string) => Promise<{ outTradeNo: string; tradeStatus: string }>;
  readonly pay: (outTradeNo: string) => Promise<Trade>;
  readonly decline: (outTradeNo: string) => Promise<Trade>;
  readonly fault: (fault: Fault) => Promise<void>;
  readonly endFaults: () => Promise<void>;
  readonly advance: (advanceMs: number) => Promise<void>;
};

export function simulatorClient(url: string): SimulatorClient {
  const ask = async (method: string, path: string, body?: object) => {
    const response = await fetch(`${url}/simulator/${path}`, {
      method,
      signal: AbortSignal.timeout(20_000),
      ...(body && {
        body: JSON.stringify(body),
        headers: { 'content-type': 'application/json' },
      }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return JSON.parse(text === '' ? '{}' : text);
  };
  const trades = async (query: string): Promise<readonly Trade[]> => {
    const answer: { trades: readonly Trade[] } = await ask('GET', `trades${query}`);
    return answer.trades;
  };
  return {
    trades: () => trades(''),
    trade: async (outTradeNo) => (await trades(`?outTradeNo=${outTradeNo}`))[0],
    scan: (qrCode) => ask('POST', 'scan', { qrCode }),
    pay: (outTradeNo) => ask('POST', `trades/${outTradeNo}/pay`, {}),
    decline: (outTradeNo) => ask('POST', `trades/${outTradeNo}/decline`, {}),
    fault: (fault) => ask('POST', 'faults', fault),
    endFaults: () => ask('DELETE', 'faults'),
    advance: (advanceMs) => ask('POST', 'clock', { advanceMs }),
  };
}
