/**
 * The payment code on the screen: a new one when its minute is over, when it was used, or when the person wants one. What a shop
 * did with the last one is told once. A code is made only while it is shown.
 */
import { useCallback, useEffect, useRef, useState } from 'react';

import type { Buyer } from '../book/entities.ts';
import { isApiError, newPaymentCode } from './api.ts';
import { noticeOfCode } from './outcomes.ts';
import { every, nowMs } from './system.ts';
import { useWallet } from './wallet-state.tsx';

const CODE_LIFE_MS = 60_000;
const TICK_MS = 250;

export type Code = { authCode: string; buyer: Buyer; asksFirst: boolean; endsAtMs: number };

export type ShownPaymentCode = {
  /** Undefined until the simulator has given one. */
  readonly code: Code | undefined;
  readonly leftMs: number;
  readonly renew: () => void;
};

export function usePaymentCode(asksFirst: boolean): ShownPaymentCode {
  const { buyer, state, connection, showCode, tell } = useWallet();
  const [made, setMade] = useState<Code>();
  const [round, setRound] = useState(0);
  const [leftMs, setLeftMs] = useState(CODE_LIFE_MS);
  const renew = useCallback(() => setRound((before) => before + 1), []);
  useEffect(() => {
    if (connection !== 'live') return undefined;
    let isOver = false;
    newPaymentCode(buyer, asksFirst).then(
      ({ authCode }) => {
        if (isOver) return;
        setMade({ authCode, buyer, asksFirst, endsAtMs: nowMs() + CODE_LIFE_MS });
        setLeftMs(CODE_LIFE_MS);
        showCode(authCode);
      },
      (error: unknown) => {
        // The page says that the simulator is silent; there is a code again when it is back.
        if (!isApiError(error)) throw error;
      },
    );
    return () => {
      isOver = true;
    };
  }, [buyer, asksFirst, round, connection, showCode]);
  useEffect(() => () => showCode(undefined), [showCode]);

  const code = made?.buyer === buyer && made.asksFirst === asksFirst ? made : undefined;
  useEffect(() => {
    if (code === undefined) return undefined;
    return every(TICK_MS, () => {
      const left = code.endsAtMs - nowMs();
      setLeftMs(Math.max(0, left));
      if (left <= 0) renew();
    });
  }, [code, renew]);

  const told = useRef('');
  const fate = state?.code;
  const authCode = code?.authCode;
  useEffect(() => {
    if (fate === undefined || fate.authCode !== authCode || fate.state === 'fresh') return;
    if (told.current === authCode) return;
    told.current = authCode;
    const notice = fate.state === 'used' ? noticeOfCode(fate) : undefined;
    if (notice !== undefined) tell(notice);
    renew();
  }, [fate, authCode, renew, tell]);
  return { code, leftMs, renew };
}
