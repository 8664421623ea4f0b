/**
 * What is told of a payment to people: all that happened to it, why it is in its state and what comes next; and what Alipay says
 * of it now. The words are those of the command line (`flows/timeline.ts`, `flows/why.ts`).
 */
import type { Caller } from '../../core/caller.ts';
import type { Payment } from '../../core/payment.ts';
import { rfc3339 } from '../../core/time.ts';
import type { CheckNow } from '../../flows/check-now.ts';
import type { Deps } from '../../flows/deps.ts';
import { readHistory } from '../../flows/read-history.ts';
import { timelineOf, type Line } from '../../flows/timeline.ts';
import { whyAndNextOf } from '../../flows/why.ts';
import { paymentOf } from './caller.ts';
import { paymentId } from './ids.ts';
import { answerPayment } from './payments.ts';
import { Problem } from './problems.ts';
import type { TimelineResource } from './story-schemas.ts';

export async function getTimeline(
  deps: Pick<Deps, 'db' | 'clock'>,
  caller: Caller,
  id: string,
): Promise<TimelineResource> {
  const found = await paymentOf(deps, caller, id);
  const history = await readHistory(deps, found.paymentNo);
  if (history === undefined) throw new Error(`Payment ${found.paymentNo} is missing`);
  const { payment, events } = history;
  return {
    object: 'timeline',
    payment: paymentId(payment),
    ...whyAndNextOf(history, deps.clock.nowMs()),
    entries: timelineOf(payment.paymentNo, events).map((line) => ({
      at: rfc3339(line.atMs),
      kind: line.what,
      title: line.title,
      text: line.text,
      moved: line.moved,
      detail: detailOf(line),
    })),
  };
}

/** As v2 names and writes things: `amountFen` is `amount_fen`, and times are RFC 3339. */
function detailOf({ data }: Line): TimelineResource['entries'][number]['detail'] {
  const { askedAtMs, ...others } = data;
  const asked = typeof askedAtMs === 'number' ? { askedAt: rfc3339(askedAtMs) } : {};
  const known = Object.entries({ ...others, ...asked }).flatMap(([name, value]) =>
    value === undefined ? [] : [[snakeCase(name), value] as const],
  );
  return Object.fromEntries(known);
}

function snakeCase(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** Asks Alipay, and gives the payment as that left it, as an answer's text. Throws `alipay_silent` where nothing was learnt. */
export async function checkAnswer(
  deps: Deps,
  checkNow: CheckNow,
  payment: Payment,
  readAgain: () => Promise<Payment>,
): Promise<string> {
  const checked = await checkNow(payment);
  if (checked.kind === 'not_configured') throw new Problem('merchant_not_configured');
  if (checked.kind === 'silent') throw silence(payment, checked.outcome);
  return (await answerPayment(deps, await readAgain(), 200)).body;
}

type Silence = Extract<Awaited<ReturnType<CheckNow>>, { kind: 'silent' }>['outcome'];

function silence(payment: Payment, { kind, answer }: Silence): Problem {
  const about = { payment: paymentId(payment) };
  if (kind === 'unknown') {
    return new Problem('alipay_silent', {
      ...about,
      detail: {
        en: 'Alipay gave no answer that says anything of this payment. It is as it was; it goes on being asked about by itself.',
        zh: '支付宝没有给出关于该笔支付的有效应答。支付保持原状，系统会继续自动询问。',
      },
    });
  }
  const { code, subCode = null } = answer;
  return new Problem('alipay_silent', {
    ...about,
    alipay: { code, sub_code: subCode },
    detail: {
      en: `Alipay refused the question (${subCode ?? code}). The payment is as it was: test the merchant’s keys and contract.`,
      zh: `支付宝拒绝了询问（${subCode ?? code}）。支付保持原状，请测试该商户的密钥和签约。`,
    },
  });
}
