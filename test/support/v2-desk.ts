/**
 * A desk that speaks v2 to a gateway that runs as a process: a key from the command line, a shop, and payments.
 */
import { runCommand, type Gateway } from './gateway-process.ts';

export type Desk = {
  /** Asks any gateway on the database. */
  readonly ask: (url: string, path: string, body?: object) => Promise<Record<string, unknown>>;
  /** A payment by QR code, begun at one of them. */
  readonly showCode: (url: string) => Promise<ShownPayment>;
};

export type ShownPayment = {
  readonly id: string;
  readonly stream_url: string;
  readonly next_action: { readonly qr_code: string };
  readonly alipay: { readonly out_trade_no: string };
};

let bills = 0;

export async function openDesk(
  gateway: Gateway,
  settings: Record<string, string> = {},
): Promise<Desk> {
  const args = ['api-key', 'create', 'desk'];
  const made = await runCommand(args, { F2F_DATA_DIR: gateway.dataDir, ...settings });
  if (made.exitCode !== 0) throw new Error(made.stderr);
  const key = made.stdout.trim();
  const ask: Desk['ask'] = async (url, path, body) => {
    bills += 1;
    const response = await fetch(`${url}${path}`, {
      signal: AbortSignal.timeout(20_000),
      headers: { authorization: `Bearer ${key}` },
      ...(body && {
        method: 'POST',
        body: JSON.stringify(body),
        headers: {
          authorization: `Bearer ${key}`,
          'content-type': 'application/json',
          'idempotency-key': `call-${bills}`,
        },
      }),
    });
    const answer = (await response.json()) as Record<string, unknown>;
    if (!response.ok) throw new Error(`${path}: ${JSON.stringify(answer)}`);
    return answer;
  };
  const shop = { shop_no: 'DESK-1', seller_id: '2088212612254111', app_id: '2016022901171807' };
  const { id: merchant } = await ask(gateway.url(), '/v2/merchants', shop);
  return {
    ask,
    showCode: async (url) => {
      bills += 1;
      const bill = { merchant, method: 'qr', amount: 800, subject: 'Tea' };
      const reference = { merchant_reference: `bill-${bills}` };
      return (await ask(url, '/v2/payments', { ...bill, ...reference })) as ShownPayment;
    },
  };
}
