/**
 * The moments of a node's life at which it may die: before, during and after each of its port calls. A dead node leaves
 * its committed rows, the calls it sent, the answers it gave, and the time; its memory is nobody's. So two moments that
 * leave the same behind are one death, and one of them stands for all (`crash-points.test.ts` tries that too).
 */
import type { HttpRequest, HttpResponse } from '../../src/system/http.ts';
import type { Host, Phase } from './node.ts';

export type Moment = {
  /** The port call: what is sent, or what a statement does to which table. */
  readonly port: string;
  readonly phase: Phase;
  /** How many events came before the one that it belongs to. */
  readonly step: number;
  /** What a death at this moment leaves behind, by count. */
  readonly remains: string;
};

/** A call to Alipay on its way: the method without `alipay.trade.`. */
export type WireCall = { readonly method: string; readonly paymentNo: string };

export type Watch = {
  /** The moments of each life, from `begin` to `end`. */
  readonly lives: readonly (readonly Moment[])[];
  begin(): void;
  end(): void;
  /** A call leaves the gateway; the answer is passed on. */
  send(call: WireCall | undefined, answer: Promise<HttpResponse>): Promise<HttpResponse>;
  dies(host: Host, port: string, phase: Phase): boolean;
};

/**
 * Watches one node after another. `deaths`: at which of its moments each life ends; a life beyond these does not.
 * `steps`: events of the timeline so far.
 */
export function createWatch(deaths: readonly number[], steps: () => number): Watch {
  const lives: Moment[][] = [];
  const left = { writes: 0, sends: 0 };
  let isInTransaction = false;
  let isOver = false;
  let sending = 'send';
  const keepCount = (port: string, phase: Phase): void => {
    if (phase !== 'after' || !port.startsWith('db ')) return;
    const verb = portName(port).split(' ')[1];
    if (verb === 'begin') isInTransaction = true;
    if (verb === 'commit' || verb === 'rollback') isInTransaction = false;
    if (verb !== 'select' && !isInTransaction) left.writes += 1;
  };
  return {
    lives,
    begin: () => void lives.push([]),
    end: () => (isOver = true),
    send: (call, answer) => {
      left.sends += 1;
      sending = nameOf(call);
      // Only now it is known what the moment before was about.
      const life = lives.at(-1);
      const before = life?.at(-1);
      if (life !== undefined && before?.port === 'send') {
        life[life.length - 1] = { ...before, port: sending };
      }
      return answer.finally(() => (sending = nameOf(call)));
    },
    dies: (host, port, phase) => {
      keepCount(port, phase);
      const life = lives.at(-1);
      if (life === undefined || isOver) return false;
      const isLast = life.length === deaths[lives.length - 1];
      const isNamed = port === 'send' && phase !== 'before';
      const step = steps();
      const remains = `${step} ${left.writes} ${left.sends} ${host.answered}`;
      life.push({ port: isNamed ? sending : portName(port), phase, step, remains });
      if (isLast) {
        lives.push([]);
        isInTransaction = false;
      }
      return isLast;
    },
  };
}

/** One moment for each death that leaves something else behind: their places in the life. */
export function deathsOf(life: readonly Moment[]): readonly number[] {
  const seen = new Set<string>();
  const isSwept = sweepsOf(life);
  const deaths = [...life.entries()].filter(
    ([, { remains, step }]) => !isSwept.has(step) && seen.size < seen.add(remains).size,
  );
  return thinned(deaths).map(([at]) => at);
}

/** Each hour what has expired is deleted. The steps at which nothing else happens are on no path of money. */
function sweepsOf(life: readonly Moment[]): ReadonlySet<number> {
  const bySteps = Map.groupBy(life, ({ step }) => step);
  const steps = [...bySteps].filter(([, moments]) => {
    const ports = moments.map(({ port }) => port);
    return ports.includes(SWEEP) && !ports.some((port) => OF_MONEY.test(port));
  });
  return new Set(steps.map(([step]) => step));
}

const SWEEP = 'db delete token';
/** A call to Alipay or a program, a claim, and whatever is written. */
const OF_MONEY = /^(send|webhook)|^db (with|insert|update)/;

type Death = readonly [at: number, moment: Moment];

/**
 * A payment that is watched for hours is looked at again and again, call for call as before, and only its age is another. Of such
 * looks in a row the first, the second, the fourth and so on are died in, and the last: more often where the schedule changes.
 */
function thinned(deaths: readonly Death[]): readonly Death[] {
  const looks: Death[][] = [[]];
  for (const death of deaths) {
    if (CLAIM.test(death[1].port)) looks.push([]);
    looks.at(-1)?.push(death);
  }
  const names = looks.map((look) => look.map(([, { port, phase }]) => `${phase} ${port}`).join());
  let repeated = 0;
  return looks.flatMap((look, index) => {
    repeated = names[index] === names[index - 1] ? repeated + 1 : 1;
    const isLast = names[index] !== names[index + 1];
    return isLast || Number.isInteger(Math.log2(repeated)) ? look : [];
  });
}

const CLAIM = /^db with payment$/;

function nameOf(call: WireCall | undefined): string {
  return call === undefined ? 'send' : `send ${call.method}`;
}

const portNames = new Map<string, string>();

function portName(port: string): string {
  const name = portNames.get(port) ?? readPort(port);
  portNames.set(port, name);
  return name;
}

function readPort(port: string): string {
  const verb = /^db (\w+)/.exec(port)?.[1];
  if (verb === undefined) return port;
  const table = /(?: from | into |update )"(\w+)"/.exec(port)?.[1];
  return table === undefined ? `db ${verb}` : `db ${verb} ${table}`;
}

/** Undefined for what is no call to Alipay. */
export function readWireCall({ url, body }: HttpRequest): WireCall | undefined {
  const { pathname, searchParams } = new URL(url);
  if (pathname !== '/gateway.do') return undefined;
  const form = new URLSearchParams(String(body ?? ''));
  const content = JSON.parse(form.get('biz_content') ?? '{}') as { out_trade_no?: string };
  return {
    method: (searchParams.get('method') ?? '').replace(/^alipay\.trade\./, ''),
    paymentNo: content.out_trade_no ?? '',
  };
}
