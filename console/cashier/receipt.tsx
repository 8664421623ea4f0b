/** The receipt of a payment, in the language of the page, with its number to be scanned when the guest comes back. */
import type { Merchant, Payment } from '../../client/client.ts';
import { useWords } from '../app/language.tsx';
import { moneyText } from '../money.ts';
import { timeText } from '../time.ts';
import { RECEIPT } from '../words/cashier-papers.ts';
import { Dialog } from './dialog.tsx';
import { PaperLine, Printable, type PaperMm } from './print.tsx';
import { QrPicture } from '../qr-picture.tsx';
import { useDemo } from './use-demo.ts';

export function ReceiptDialog({
  payment,
  merchant,
  paperMm,
  onClose,
}: {
  readonly payment: Payment;
  readonly merchant: Merchant;
  readonly paperMm: PaperMm;
  readonly onClose: () => void;
}) {
  const words = useWords(RECEIPT);
  return (
    <Dialog title={words.title} onClose={onClose}>
      <Printable paperMm={paperMm}>
        <Receipt payment={payment} merchant={merchant} />
      </Printable>
    </Dialog>
  );
}

function Receipt({
  payment,
  merchant,
}: {
  readonly payment: Payment;
  readonly merchant: Merchant;
}) {
  const words = useWords(RECEIPT);
  const { isDemo } = useDemo();
  const { id, alipay, refunded_amount: refunded } = payment;
  const lines: readonly (readonly [name: string, value: string | null | undefined])[] = [
    [words.subject, payment.subject],
    [words.paidAt, payment.paid_at === null ? null : timeText(payment.paid_at)],
    [words.reference, payment.merchant_reference],
    [words.number, id],
    [words.tradeNo, alipay.trade_no],
    [words.buyer, alipay.buyer_logon_id],
    [words.clerk, payment.created_by?.name],
    [words.shop, merchant.shop_no],
  ];
  return (
    <>
      <h3>{merchant.name ?? merchant.shop_no}</h3>
      <p>{refunded === 0 ? words.title : words.refundTitle}</p>
      {isDemo ? <p className="cashier-paper-demo">{words.simulated}</p> : null}
      <p className="cashier-paper-sum">
        <span>{words.amount}</span> <strong>{moneyText(payment.amount)}</strong>
      </p>
      <dl>
        {refunded === 0 ? null : <PaperLine name={words.refunded} value={moneyText(-refunded)} />}
        {lines.map(([name, value]) =>
          value === null || value === undefined ? null : (
            <PaperLine key={name} name={name} value={value} />
          ),
        )}
      </dl>
      <div className="cashier-paper-code">
        <QrPicture text={id} label={id} />
      </div>
      <p>{words.thanks}</p>
    </>
  );
}
