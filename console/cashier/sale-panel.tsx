/** One sale, as large as the screen allows: what is going on, what became of it, and what the clerk can do. */
import { useLanguage, useWords } from '../app/language.tsx';
import { moneyText } from '../money.ts';
import { countdownText } from '../time.ts';
import { CASHIER } from '../words/cashier.ts';
import { OUTCOME, REFUSALS, VERDICT } from '../words/cashier-outcome.ts';
import { isDone, isUnpaid, paymentOf, type Sale } from './charge.ts';
import { QrPicture } from '../qr-picture.tsx';
import { saleView, type SaleView } from './sale-view.ts';
import type { Opened } from './till-page.tsx';
import type { Till } from './till.ts';
import type { TillState } from './till-memory.ts';
import { useDemo, walletLink } from './use-demo.ts';
import { useNow } from './use-now.ts';

type Props = {
  readonly till: Till;
  readonly sale: Sale;
  readonly state: TillState;
  readonly onOpen: (opened: Opened) => void;
};

const SIGNS: Readonly<Record<SaleView['tone'], string>> = {
  busy: '',
  wait: '',
  calm: '–',
  doubt: '?',
  good: '✓',
  bad: '✕',
};

export function SalePanel({ till, sale, state: { notice }, onOpen }: Props) {
  const words = useWords(OUTCOME);
  const verdicts = useWords(VERDICT);
  const cashier = useWords(CASHIER);
  const nowMs = useNow(!isDone(sale));
  const view = saleView(sale, nowMs);
  const { charge, step, isSilent, cancel } = sale;
  return (
    <section className="cashier-outcome" data-tone={view.tone} data-step={step.kind}>
      <div aria-live="assertive" aria-atomic="true" className="cashier-verdict">
        {view.isCodeShown === true ? null : (
          <span className="cashier-sign" data-tone={view.tone} aria-hidden="true">
            {SIGNS[view.tone]}
          </span>
        )}
        <h2>{verdicts[view.title]}</h2>
        <p className="cashier-sum">{moneyText(charge.amountFen)}</p>
        <Explanation sale={sale} view={view} />
        {isSilent ? <p className="cashier-silent">{words.silent}</p> : null}
        {cancel === 'unanswered' && !isDone(sale) ? (
          <p className="cashier-silent">{words.cancelUnanswered}</p>
        ) : null}
      </div>
      {view.isCodeShown === true ? <ShownCode sale={sale} nowMs={nowMs} /> : null}
      <p className="cashier-notice" role="alert" key={notice?.count}>
        {notice === undefined ? '' : cashier[notice.kind]}
      </p>
      <Actions till={till} sale={sale} onOpen={onOpen} />
      <p className="cashier-reference">{charge.reference}</p>
    </section>
  );
}

function Explanation({ sale, view }: { readonly sale: Sale; readonly view: SaleView }) {
  const words = useWords(OUTCOME);
  const verdicts = useWords(VERDICT);
  const refusals = useWords(REFUSALS);
  const { language } = useLanguage();
  const { step } = sale;
  const failure = paymentOf(sale)?.failure;
  const known = Object.entries(refusals).find(([code]) => code === failure?.code)?.[1];
  const refusal = step.kind === 'refused' ? step.why[language] : (known ?? failure?.message);
  return (
    <>
      {refusal === undefined || refusal === '' ? null : (
        <p className="cashier-why">
          {refusal}
          {failure === undefined || failure === null ? null : <small> {failure.code}</small>}
        </p>
      )}
      {view.isCodeShown === true ? null : <p>{verdicts[view.text]}</p>}
      {isUnpaid(sale) ? <p className="cashier-hint">{words.scanAgain}</p> : null}
    </>
  );
}

function ShownCode({ sale, nowMs }: { readonly sale: Sale; readonly nowMs: number }) {
  const words = useWords(OUTCOME);
  const cashier = useWords(CASHIER);
  const { walletUrl } = useDemo();
  const payment = paymentOf(sale);
  const code = payment?.next_action?.qr_code;
  if (payment === undefined || code === undefined) return null;
  const { renewals } = sale.charge;
  return (
    <div className="cashier-qr">
      <QrPicture text={code} label={words.qrAlt} />
      <p>
        {words.leftTime(countdownText(Date.parse(payment.expires_at) - nowMs))}
        {renewals === 0 ? '' : ` · ${words.renewed(renewals)}`}
      </p>
      {walletUrl === undefined ? null : (
        <a href={walletLink(walletUrl, code)} target="_blank" rel="noreferrer">
          {cashier.walletQr}
        </a>
      )}
    </div>
  );
}

function Actions({ till, sale, onOpen }: Omit<Props, 'state'>) {
  const words = useWords(OUTCOME);
  const { step, cancel, charge } = sale;
  const payment = paymentOf(sale);
  const isPaid = step.kind === 'over' && payment?.state === 'paid';
  const mayCancel =
    step.kind === 'open' && cancel !== 'asked' && step.payment.allowed_actions.includes('cancel');
  return (
    <div className="cashier-actions">
      {mayCancel ? (
        <button type="button" className="plain" onClick={() => till.cancel()}>
          {words.cancel}
        </button>
      ) : null}
      {step.kind === 'looking' ? (
        <button type="button" className="plain" onClick={() => till.setAside()}>
          {words.setAside}
        </button>
      ) : null}
      {isDone(sale) ? (
        <button type="button" className="primary" autoFocus onClick={() => till.dismiss()}>
          {words.next}
        </button>
      ) : null}
      {isPaid && payment !== undefined ? (
        <>
          <button
            type="button"
            className="plain"
            onClick={() => onOpen({ kind: 'receipt', payment })}
          >
            {words.receipt}
          </button>
          {cancel === 'none' ? null : (
            <button
              type="button"
              className="plain"
              onClick={() => onOpen({ kind: 'refund', payment })}
            >
              {words.refund}
            </button>
          )}
        </>
      ) : null}
      {isUnpaid(sale) ? (
        <button type="button" className="plain" onClick={() => till.again('qr')}>
          {charge.method === 'qr' ? words.newQr : words.again}
        </button>
      ) : null}
    </div>
  );
}
