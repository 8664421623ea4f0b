/**
 * What `f2f start` and `f2f simulator` print, how they stop, and how a start that failed is told. The line with
 * `"event":"listening"` is a promise to programs that start us; the text for people goes to stderr, so that stdout stays one
 * JSON object a line.
 */

export type Listening = { readonly gateway: string | null; readonly simulator: string | null };

/** Requests in flight get this long at a stop; then the process ends all the same. */
const STOP_MS_MAX = 10_000;

/** The gateway could not start; the message is a sentence for the operator, `cause` what happened. */
export class StartError extends Error {
  override readonly name = 'StartError';
}

/** Runs one step of the start; what goes wrong in it is told as `sentence`, and why. */
export async function startStep<T>(sentence: string, work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new StartError(`${sentence}: ${why}`, { cause });
  }
}

/** One line on stdout, once requests are answered. */
export function listeningLine(listening: Listening): string {
  return JSON.stringify({ event: 'listening', ...listening });
}

/** Stops once on SIGTERM or SIGINT and ends the process with 0; a second signal, or ten seconds, end it at once. */
export function stopOnSignal(
  process: NodeJS.Process,
  stop: () => Promise<void>,
  startTimer: (work: () => void, ms: number) => { unref(): unknown },
): void {
  let isStopping = false;
  const onSignal = (): void => {
    if (isStopping) process.exit(0);
    isStopping = true;
    startTimer(() => process.exit(0), STOP_MS_MAX).unref();
    stop().then(
      () => process.exit(0),
      (error: unknown) => {
        process.stderr.write(`The stop failed: ${String(error)}\n`);
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', onSignal);
  process.on('SIGINT', onSignal);
}

/** Where everything is, who may come in first, and a first payment to paste. */
export function welcome({ gateway, simulator }: Listening, firstLink?: string): string {
  const lines = [
    '',
    `  Gateway           ${gateway}      (v1 and v2 API, /docs, /healthz, /metrics)`,
    `  Cashier           ${gateway}/cashier`,
    `  Console           ${gateway}/console`,
    ...(firstLink === undefined
      ? []
      : [
          `  Administrator     ${firstLink}`,
          '                    (nobody can sign in yet: once, within a day)',
        ]),
  ];
  if (simulator === null) return [...lines, ''].join('\n');
  return [
    ...lines,
    `  Alipay simulator  ${simulator}      (/gateway.do, /simulator/…)`,
    `  Guest’s wallet    ${simulator}/wallet`,
    '',
    '  A first payment, to paste into another terminal (over v1; new programs begin with docs/v2.md):',
    '',
    firstPayment(gateway ?? '')
      .split('\n')
      .map((line) => `    ${line}`)
      .join('\n'),
    '',
    '',
  ].join('\n');
}

/** The README's lines; a test keeps the two the same. */
export function firstPayment(gateway: string): string {
  return `G=${gateway} D=B996377230C16FEF1BA98F127C1A4570
K=$(curl -s "$G/auth/secret?dogNo=$D" | sed 's/.*"secretKey":"\\([^"]*\\).*/\\1/')
T=$(curl -s "$G/auth/token?dogNo=$D&secretKey=$K" | sed 's/.*"token":"\\([^"]*\\).*/\\1/')
curl -sG $G/f2f/company/add -d token=$T --data-urlencode 'data={"storeDogNo":"DL0001","cpiPid":"2088212612254111","cpiAppid":"2016022901171807"}'; echo
curl -sG $G/f2f/hb_barcode -d token=$T --data-urlencode 'data={"cpiNo":"DL0001","localNo":"1","totalAmount":"88.00","authCode":"280851932108273550","subject":"Tea"}'; echo`;
}
