/**
 * The download of payments, as CSV or as a workbook: written while it is sent, as fast as the client reads, so that it takes no
 * more memory for a million than for a hundred. Few at a time: each reads much. What is in it is in `export-columns.ts`.
 */
import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { shanghaiText } from '../../core/time.ts';
import type { Deps } from '../../flows/deps.ts';
import { durable } from '../../store/database.ts';
import type { PaymentChoice } from '../../store/payment-filter.ts';
import { readPayments } from '../../store/payment-walk.ts';
import { callerOf } from './caller.ts';
import { BYTE_ORDER_MARK, csvLine } from './csv.ts';
import { cellsOf, titlesIn, WIDTHS, type Cell, type Language } from './export-columns.ts';
import { EXPORT } from './figure-samples.ts';
import { operation } from './operation.ts';
import { choiceOf, paymentFilters } from './payment-query.ts';
import { Problem } from './problems.ts';
import { Closed, oneOf } from './schemas.ts';
import { Type, type ShapeProvider } from './shape.ts';
import { xlsxStream } from './xlsx.ts';

/** Of one node. */
const EXPORTS_MAX = 2;
/** Longer than any takes that is read: whoever reads no more frees the place. */
const LIFE_MS = 3_600_000;
/** Payments that are read at once, of which all, some or none are meant. */
const STRETCH = 500;
const RETRY_AFTER_S = 10;
/** The stop ends an export: nobody tells this topic. */
const TOPIC = 'export';

const TYPES = {
  csv: 'text/csv; charset=utf-8',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
} as const;
const SHEET_NAMES = { en: 'Payments', zh: '支付' } as const;

const ExportQuery = Type.Object(
  {
    format: oneOf(['csv', 'xlsx'], '`csv`: text, UTF-8. `xlsx`: a workbook for Excel or WPS.'),
    language: Type.Optional(oneOf(['zh', 'en'], 'Of titles and states; `zh` unless it is told.')),
    ...paymentFilters,
  },
  Closed,
);

const download = operation(
  { querystring: ExportQuery },
  {
    operationId: 'exportPayments',
    tag: 'Payments',
    summary: { en: 'Download payments as a table', zh: '以表格形式下载支付记录' },
    scope: 'read',
    logged: 'always',
    gives: [
      200,
      Type.String({ description: 'The file.' }),
      'All payments that the filters mean, oldest first, one in each row. Those that begin meanwhile are not in it, and each is as it was when its row was written.',
    ],
    mediaType: ['text/csv', TYPES.xlsx],
    problems: ['merchant_not_found', 'too_many_exports'],
    examples: {
      paid: { query: { format: 'csv', language: 'en', state: 'paid' }, answer: EXPORT },
    },
  },
);

export async function exportRoutes(
  server: FastifyInstance,
  { deps }: { readonly deps: Deps },
): Promise<void> {
  const app = server.withTypeProvider<ShapeProvider>();
  let open = 0;

  app.get('/v2/payments/export', download, async (request, reply) => {
    const { format, language = 'zh', ...filters } = request.query;
    const choice = begunByNow(await choiceOf(deps, callerOf(request), filters), deps);
    if (open === EXPORTS_MAX) {
      void reply.header('retry-after', RETRY_AFTER_S);
      throw new Problem('too_many_exports');
    }
    open += 1;
    const body = await createBody(deps, choice, format, language).catch((error: unknown) => {
      open -= 1;
      throw error;
    });
    body.once('close', () => (open -= 1));
    endWith(deps, reply, body);
    return reply
      .type(TYPES[format])
      .header('content-disposition', `attachment; filename="${fileName(deps)}.${format}"`)
      .header('cache-control', 'no-store')
      .header('x-accel-buffering', 'no')
      .send(body);
  });
}

/** What begins while it is written is not in it: it would else go on for ever where payments never cease. */
function begunByNow(choice: PaymentChoice, { clock }: Pick<Deps, 'clock'>): PaymentChoice {
  const { createdBeforeMs = Infinity } = choice;
  return { ...choice, createdBeforeMs: Math.min(createdBeforeMs, clock.nowMs() + 1) };
}

function fileName({ clock }: Pick<Deps, 'clock'>): string {
  const [date = '', time = ''] = shanghaiText(clock.nowMs()).replaceAll(/[:-]/g, '').split(' ');
  return `payments-${date}-${time}`;
}

async function createBody(
  deps: Deps,
  choice: PaymentChoice,
  format: keyof typeof TYPES,
  language: Language,
): Promise<Readable> {
  const pages = pagesOf(deps, choice, language);
  if (format === 'csv') return Readable.from(csvText(titlesIn(language), pages));
  const sheet = { name: SHEET_NAMES[language], titles: titlesIn(language), widths: WIDTHS };
  return xlsxStream(sheet, pages);
}

async function* pagesOf(
  { db }: Pick<Deps, 'db'>,
  choice: PaymentChoice,
  language: Language,
): AsyncGenerator<readonly (readonly Cell[])[]> {
  for await (const payments of readPayments(db, choice, STRETCH)) {
    // Nothing leaves that a power cut could still undo.
    await durable(db);
    yield payments.map((payment) => cellsOf(payment, language));
  }
}

async function* csvText(
  titles: readonly string[],
  pages: AsyncGenerator<readonly (readonly Cell[])[]>,
): AsyncGenerator<string> {
  yield BYTE_ORDER_MARK + csvLine(titles.map((text) => ({ text, isNumber: false })));
  for await (const rows of pages) {
    if (rows.length > 0) yield rows.map(csvLine).join('');
  }
}

/** Ends the file where the gateway stops, or nobody has read for too long: unfinished, and seen to be. */
function endWith(
  { news, log }: Pick<Deps, 'news' | 'log'>,
  reply: FastifyReply,
  body: Readable,
): void {
  const follower = news.follow(TOPIC);
  const requestId = reply.request.id;
  let isWritten = false;
  body.once('error', (error) => log.error({ err: error, requestId }, 'v2 export failed'));
  body.once('close', () => {
    isWritten = true;
    follower.close();
  });
  void follower.next(LIFE_MS).then(() => {
    if (isWritten) return;
    body.destroy();
    reply.raw.destroy();
  });
}
