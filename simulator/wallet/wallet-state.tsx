/**
 * What the whole page shares: who pays, what the simulator says of that buyer, and the sheet in front (a payment to confirm, or what
 * became of one). It asks the simulator again whenever its book changed. A payment that waits comes to the front by itself, once.
 */
import {
  createContext,
  useCallback,
  useContext,
  useEffect,
  useMemo,
  useRef,
  useState,
} from 'react';
import type { ReactNode } from 'react';

import { BUYERS } from '../book/entities.ts';
import type { Buyer } from '../book/entities.ts';
import type { WalletState, WalletTrade } from '../wallet-calls.ts';
import { isApiError, readTrade, readWallet, scanQrCode } from './api.ts';
import { createBell } from './bell.ts';
import type { Bell } from './bell.ts';
import { openChanges } from './changes.ts';
import type { Changes, Connection } from './changes.ts';
import { noticeOfScan, noticeOfTrade } from './outcomes.ts';
import type { Notice } from './outcomes.ts';
import { remember, remembered } from './system.ts';

export type Sheet = { kind: 'ask'; trade: WalletTrade } | { kind: 'told'; notice: Notice };

export type Wallet = {
  readonly buyer: Buyer;
  readonly chooseBuyer: (buyer: Buyer) => void;
  /** Undefined until the simulator has said something of this buyer. */
  readonly state: WalletState | undefined;
  readonly connection: Connection;
  readonly bell: Bell;
  /** The payment code on the screen, whose fate the state tells. */
  readonly showCode: (authCode: string | undefined) => void;
  readonly sheet: Sheet | undefined;
  readonly ask: (trade: WalletTrade) => void;
  readonly tell: (notice: Notice) => void;
  readonly closeSheet: () => void;
  /** As the buyer: asks to confirm, or tells why not. Rejects when the simulator could not be asked. */
  readonly scan: (qrCode: string) => Promise<void>;
  /** Tries at once to hear from the simulator again. */
  readonly reconnect: () => void;
};

const BUYER = 'wallet_buyer';

const WalletContext = createContext<Wallet | undefined>(undefined);

export function useWallet(): Wallet {
  const wallet = useContext(WalletContext);
  if (wallet === undefined) throw new Error('useWallet is used outside of WalletProvider');
  return wallet;
}

/** The simulator's word on a buyer; an answer that is overtaken by a later one is dropped. */
function useKnown(bell: Bell, buyer: Buyer, authCode: string | undefined): WalletState | undefined {
  const [state, setState] = useState<WalletState>();
  useEffect(() => {
    let newest = 0;
    const stop = bell.follow(() => {
      newest += 1;
      const mine = newest;
      readWallet(buyer, authCode).then(
        (read) => {
          if (mine === newest) setState(read);
        },
        (error: unknown) => {
          // The stream of changes notices the same, tells the person, and rings again.
          if (!isApiError(error)) throw error;
        },
      );
    });
    return () => {
      newest = 0;
      stop();
    };
  }, [bell, buyer, authCode]);
  return state?.buyer === buyer ? state : undefined;
}

type Front = Pick<Wallet, 'sheet' | 'ask' | 'tell' | 'closeSheet'>;

/** The sheet in front, and what brings it there by itself or takes it away. */
function useSheet(state: WalletState | undefined): Front {
  const [sheet, setSheet] = useState<Sheet>();
  const seen = useRef(new Set<string>());
  const ask = useCallback((trade: WalletTrade) => {
    seen.current.add(trade.tradeNo);
    setSheet({ kind: 'ask', trade });
  }, []);
  const tell = useCallback((notice: Notice) => setSheet({ kind: 'told', notice }), []);
  const closeSheet = useCallback(() => setSheet(undefined), []);
  useEffect(() => {
    if (sheet !== undefined) return;
    const waiting = state?.waiting.find(({ tradeNo }) => !seen.current.has(tradeNo));
    if (waiting !== undefined) ask(waiting);
  }, [state, sheet, ask]);
  const askedNo = sheet?.kind === 'ask' ? sheet.trade.tradeNo : undefined;
  useEffect(() => {
    const isWaiting = state?.waiting.some(({ tradeNo }) => tradeNo === askedNo) ?? true;
    if (askedNo === undefined || isWaiting) return undefined;
    // It ended without this page: it ran out, the shop cancelled it, or it was paid elsewhere.
    let isOver = false;
    readTrade(askedNo).then(
      ({ trade }) => {
        const notice = noticeOfTrade(trade);
        if (!isOver && notice !== undefined) tell(notice);
      },
      // Not heard: the next change asks again.
      () => undefined,
    );
    return () => {
      isOver = true;
    };
  }, [state, askedNo, tell]);
  return { sheet, ask, tell, closeSheet };
}

const firstBuyer = (): Buyer =>
  BUYERS.find((buyer) => buyer === remembered('localStorage', BUYER)) ?? 'rich';

export function WalletProvider({ children }: { readonly children: ReactNode }) {
  const [buyer, setBuyer] = useState(firstBuyer);
  const [authCode, showCode] = useState<string>();
  const [bell] = useState(createBell);
  const [connection, setConnection] = useState<Connection>('live');
  const changes = useRef<Changes>(undefined);
  useEffect(() => {
    changes.current = openChanges(bell.ring, setConnection);
    return changes.current.close;
  }, [bell]);
  const state = useKnown(bell, buyer, authCode);
  const { sheet, ask, tell, closeSheet } = useSheet(state);
  const scan = useCallback(
    async (qrCode: string) => {
      const scanned = await scanQrCode(buyer, qrCode);
      const notice = noticeOfScan(scanned);
      if (notice !== undefined) tell(notice);
      else if (scanned.trade !== undefined) ask(scanned.trade);
    },
    [buyer, ask, tell],
  );
  const wallet = useMemo<Wallet>(
    () => ({
      buyer,
      chooseBuyer: (chosen) => {
        remember('localStorage', BUYER, chosen);
        setBuyer(chosen);
      },
      state,
      connection,
      bell,
      showCode,
      sheet,
      ask,
      tell,
      closeSheet,
      scan,
      reconnect: () => changes.current?.again(),
    }),
    [buyer, state, connection, bell, sheet, ask, tell, closeSheet, scan],
  );
  return <WalletContext value={wallet}>{children}</WalletContext>;
}
