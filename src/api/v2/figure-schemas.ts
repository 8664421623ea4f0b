/**
 * The shapes of figures: totals of payments, and statistics. Amounts are whole fen, times RFC 3339, days Shanghai's.
 */
import { PAYMENT_STATES } from '../../flows/describe-payment.ts';
import { Closed, MerchantField, nullable, oneOf, Time } from './schemas.ts';
import { Type, type Schema, type Static } from './shape.ts';

const Count = Type.Integer({ minimum: 0 });
const Sum = Type.Integer({ minimum: 0, description: 'Whole fen.' });
const count = { count: Count, amount: Sum };
const Counted = Type.Object(count);
const CountedMethod = Type.Object({ ...count, refunded_amount: Sum });

function ofEach<const Name extends string, T>(names: readonly Name[], shape: Schema<T>) {
  const fields = Object.fromEntries(names.map((name) => [name, shape]));
  return Type.Unsafe<Record<Name, T>>(Type.Object(fields));
}

export const TotalsResource = Type.Object(
  {
    object: oneOf(['payment_totals'], 'Always payment_totals.'),
    ...count,
    paid: Counted,
    refunded: Type.Object(count, {
      description: 'Refunds that succeeded, of all payments that are meant.',
    }),
    net_amount: Type.Integer({
      description:
        'What was paid and has not gone back: of those that are paid, less their refunds.',
    }),
    by_method: ofEach(['barcode', 'qr'], CountedMethod),
    by_state: ofEach(PAYMENT_STATES, Counted),
  },
  { $id: 'PaymentTotals' },
);
export type TotalsResource = Static<typeof TotalsResource>;

const figures = {
  paid_count: Count,
  paid_amount: Sum,
  ended_count: Type.Integer({
    minimum: 0,
    description: 'Payments that are over, paid or not: all but `created` and `awaiting_buyer`.',
  }),
  success_rate: nullable(
    Type.Unsafe<number>({
      type: 'number',
      description:
        'Of those that are over, how many are paid: 0 to 1, with four decimals. null when none is over.',
    }),
  ),
  average_amount: nullable(
    Type.Integer({
      description: 'Of those that are paid, in whole fen, rounded. null when none is.',
    }),
  ),
  refund_count: Type.Integer({
    minimum: 0,
    description: 'Refunds of these payments that succeeded, whenever that was.',
  }),
  refunded_amount: Sum,
};
const FiguresShape = Type.Object(figures);
export type FiguresShape = Static<typeof FiguresShape>;

const STEPS = ['hour', 'day'] as const;

export const StatisticsResource = Type.Object(
  {
    object: oneOf(['statistics'], 'Always statistics.'),
    from: Time,
    before: Time,
    by: oneOf(STEPS, 'What the series goes by.'),
    total: FiguresShape,
    previous: Type.Object(figures, {
      description: 'Of the time before that, of the same length.',
    }),
    series: Type.Array(Type.Object({ from: Time, ...figures }), {
      description:
        'Each hour or day that the time touches, oldest first. The first and the last hold what is within it.',
    }),
    methods: Type.Array(Type.Object({ method: oneOf(['barcode', 'qr'], 'How.'), ...figures })),
    merchants: Type.Array(
      Type.Object({ merchant: Type.String(), name: nullable(Type.String()), ...figures }),
      { description: 'The ten with the most that was paid, the most first.' },
    ),
  },
  { $id: 'Statistics' },
);
export type StatisticsResource = Static<typeof StatisticsResource>;

export const StatisticsQuery = Type.Object(
  {
    merchant: Type.Optional(MerchantField),
    from: Type.Optional(Time),
    before: Type.Optional(Time),
    by: Type.Optional(
      oneOf(STEPS, 'By hour, of 31 days at most; or by day of Shanghai, of 366 at most.'),
    ),
  },
  Closed,
);
export type StatisticsQuery = Static<typeof StatisticsQuery>;
