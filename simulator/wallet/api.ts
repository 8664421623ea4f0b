/**
 * The simulator as the wallet page asks it: one function per call, typed by the simulator's own files. Refusals and silence are
 * thrown as `ApiError`; who is not on the simulator's machine needs its control token, which is kept until the browser is closed.
 */
import type { Buyer, FaultKind } from '../book/entities.ts';
import type { Acted, History, Scanned, WalletState, WalletTrade } from '../wallet-calls.ts';
import { remember, remembered, request } from './system.ts';

export type SetFault = {
  id: string;
  kind: FaultKind;
  method?: string;
  outTradeNo?: string;
  times: number;
  executed: boolean;
  ms?: number;
};
export type FaultWish = Partial<Omit<SetFault, 'id'>> & { kind: FaultKind };
export type Clock = { now: string; aheadMs: number };

/** `status` is 0 when there was no answer. */
export type ApiError = Error & { status: number };

export const isApiError = (error: unknown): error is ApiError =>
  error instanceof Error && 'status' in error;

function apiError(status: number, message: string): ApiError {
  return Object.assign(new Error(message), { status });
}

const TOKEN = 'wallet_token';
/** Beside `/wallet/`, wherever the simulator is. */
const BASE = '../simulator/';

export function keepToken(token: string): void {
  remember('sessionStorage', TOKEN, token);
}

export async function open(path: string, init: RequestInit = {}): Promise<Response> {
  const token = remembered('sessionStorage', TOKEN);
  const headers = token === '' ? undefined : { authorization: `Bearer ${token}` };
  const response = await request(BASE + path, { ...init, ...(headers && { headers }) }).catch(
    (cause: unknown) => {
      if (init.signal?.aborted === true) throw cause;
      throw apiError(0, 'the simulator does not answer');
    },
  );
  if (response.ok) return response;
  const body: unknown = await response.json().catch(() => undefined);
  const said = typeof body === 'object' && body !== null && 'error' in body ? body.error : '';
  throw apiError(response.status, String(said));
}

async function call<Answer>(verb: string, path: string, body?: unknown): Promise<Answer> {
  const response = await open(path, {
    method: verb,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  // The simulator's own answers, in the types it writes them by.
  const answer: Answer = await response.json();
  return answer;
}

const post = <Answer>(path: string, body: unknown): Promise<Answer> => call('POST', path, body);
const get = <Answer>(path: string, query: Record<string, string | undefined> = {}) => {
  const fields = Object.entries(query).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}=${encodeURIComponent(value)}`],
  );
  return call<Answer>('GET', fields.length === 0 ? path : `${path}?${fields.join('&')}`);
};

export const readWallet = (buyer: Buyer, authCode: string | undefined): Promise<WalletState> =>
  get('wallet', { buyer, authCode });

export const readHistory = (buyer: Buyer, before?: string): Promise<History> =>
  get('wallet/history', { buyer, before });

export const newPaymentCode = (buyer: Buyer, asksFirst: boolean): Promise<{ authCode: string }> =>
  post('payment-codes', { buyer, asksFirst });

export const scanQrCode = (buyer: Buyer, qrCode: string): Promise<Scanned> =>
  post('wallet/scan', { buyer, qrCode });

export const readTrade = (tradeNo: string): Promise<{ trade: WalletTrade }> =>
  get(`wallet/trades/${tradeNo}`);

export const payTrade = (tradeNo: string): Promise<Acted> =>
  post(`wallet/trades/${tradeNo}/pay`, {});

export const declineTrade = (tradeNo: string): Promise<Acted> =>
  post(`wallet/trades/${tradeNo}/decline`, {});

export const readFaults = (): Promise<{ faults: SetFault[] }> => get('faults');
export const setFault = (wish: FaultWish): Promise<{ id: string }> => post('faults', wish);
export const endFaults = (): Promise<unknown> => call('DELETE', 'faults');

export const readClock = (): Promise<Clock> => get('clock');
export const advanceClock = (advanceMs: number): Promise<{ now: string }> =>
  post('clock', { advanceMs });
