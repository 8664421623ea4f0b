/**
 * The figures: what each is called, in which unit, and what it is to reach. How they are measured is in `scenes/`.
 * Where processor time is compared, it is as a ratio within one run, which a slow or noisy machine does not change.
 */

export type Aim = {
  readonly limit: number;
  readonly better: 'less' | 'more';
};

export type Figure = {
  readonly en: string;
  readonly zh: string;
  readonly unit: string;
  /** Digits after the point. */
  readonly digits: number;
  /** Undefined for what is only told: how the machine was, what a ratio was made of. */
  readonly aim?: Aim;
};

const atMost = (limit: number): Aim => ({ limit, better: 'less' });
const atLeast = (limit: number): Aim => ({ limit, better: 'more' });

export const FIGURES = {
  floorIdle: {
    en: 'One RSA-2048 signature and one verification, idle machine',
    zh: '一次 RSA-2048 签名加一次验签，机器空闲时',
    unit: 'ms CPU',
    digits: 3,
  },
  diskSync: {
    en: 'One `fdatasync` of the data folder’s disk',
    zh: '数据目录所在磁盘的一次 `fdatasync`',
    unit: 'ms',
    digits: 2,
  },
  sqliteFloor: {
    en: 'The same signature and verification beside the saturated gateway',
    zh: '同样的签名加验签，在饱和的网关旁边测',
    unit: 'ms CPU',
    digits: 3,
  },
  sqliteCpu: {
    en: 'Gateway CPU per barcode payment, SQLite, everything until it is settled',
    zh: '每笔条码支付的网关 CPU（SQLite，直到完全结清）',
    unit: 'ms CPU',
    digits: 2,
  },
  sqliteRatio: {
    en: 'The same divided by the RSA floor',
    zh: '上一行除以 RSA 底线',
    unit: '×',
    digits: 2,
    aim: atMost(2),
  },
  sqlitePerSecond: {
    en: 'Payments per second on SQLite, 16 tills, saturated',
    zh: 'SQLite 上每秒支付笔数（16 个收银台，饱和）',
    unit: '/s',
    digits: 0,
  },
  ownP50: {
    en: 'Gateway’s own share of latency at half that load, p50',
    zh: '一半负载时网关自身的延迟，p50',
    unit: 'ms',
    digits: 1,
  },
  ownP99: { en: 'The same, p99', zh: '同上，p99', unit: 'ms', digits: 1, aim: atMost(10) },
  ownP999: { en: 'The same, p99.9', zh: '同上，p99.9', unit: 'ms', digits: 1 },
  postgresFloor: {
    en: 'The same signature and verification beside the saturated gateway on PostgreSQL',
    zh: '同样的签名加验签，在 PostgreSQL 上饱和的网关旁边测',
    unit: 'ms CPU',
    digits: 3,
  },
  postgresCpu: {
    en: 'Gateway CPU per barcode payment, PostgreSQL, everything until it is settled',
    zh: '每笔条码支付的网关 CPU（PostgreSQL，直到完全结清）',
    unit: 'ms CPU',
    digits: 2,
  },
  postgresRatio: {
    en: 'The same divided by the RSA floor',
    zh: '上一行除以 RSA 底线',
    unit: '×',
    digits: 2,
    aim: atMost(2.5),
  },
  postgresServerCpu: {
    en: 'CPU of the PostgreSQL server for it, beside that',
    zh: '另计：PostgreSQL 服务器为此所用的 CPU',
    unit: 'ms CPU',
    digits: 2,
  },
  postgresSize: {
    en: 'Tables and indexes of PostgreSQL, for one payment and its history',
    zh: 'PostgreSQL 的表和索引：一笔支付及其历史',
    unit: 'kB',
    digits: 1,
  },
  postgresWal: {
    en: 'Write-ahead log of PostgreSQL, for the same',
    zh: '同上：PostgreSQL 的预写日志',
    unit: 'kB',
    digits: 1,
  },
  postgresPerSecond: {
    en: 'Payments per second on PostgreSQL, 16 tills, saturated',
    zh: 'PostgreSQL 上每秒支付笔数（16 个收银台，饱和）',
    unit: '/s',
    digits: 0,
  },
  peerCpu: {
    en: 'The peer (Express, the official SDK, `pg`): CPU per barcode payment',
    zh: '对照组（Express、官方 SDK、`pg`）：每笔条码支付的 CPU',
    unit: 'ms CPU',
    digits: 2,
  },
  peerPerSecond: {
    en: 'The peer: payments per second',
    zh: '对照组：每秒支付笔数',
    unit: '/s',
    digits: 0,
  },
  peerRatio: {
    en: 'Our payments per CPU second divided by the peer’s',
    zh: '我们每 CPU 秒的支付笔数除以对照组的',
    unit: '×',
    digits: 2,
    aim: atLeast(2),
  },
  memoryIdle: {
    en: 'Resident memory, idle',
    zh: '常驻内存，空闲',
    unit: 'MB',
    digits: 0,
    aim: atMost(120),
  },
  memoryLoaded: {
    en: 'Resident memory under load',
    zh: '常驻内存，负载下',
    unit: 'MB',
    digits: 0,
    aim: atMost(200),
  },
  startSeconds: {
    en: 'From `npm start` to the first answer',
    zh: '从 `npm start` 到第一个应答',
    unit: 's',
    digits: 2,
    aim: atMost(1),
  },
  bareCall: {
    en: 'The official SDK’s `exec` divided by our bare call, CPU',
    zh: '官方 SDK 的 `exec` 除以我们的单次调用，CPU',
    unit: '×',
    digits: 2,
    aim: atLeast(2),
  },
  bareCallMs: { en: 'Our bare call', zh: '我们的单次调用', unit: 'ms CPU', digits: 2 },
  sdkCallMs: {
    en: 'The official SDK’s `exec`',
    zh: '官方 SDK 的 `exec`',
    unit: 'ms CPU',
    digits: 2,
  },
  growthPayments: {
    en: 'Payments per CPU second with 1,000,000 payments stored, against 10,000',
    zh: '已存 100 万笔与 1 万笔相比，每 CPU 秒的支付笔数',
    unit: '×',
    digits: 2,
    aim: atLeast(0.95),
  },
  growthShops: {
    en: 'The same with 10,000 merchants, against 10',
    zh: '同上，1 万个商户与 10 个相比',
    unit: '×',
    digits: 2,
    aim: atLeast(0.95),
  },
  qrOpen: {
    en: 'Checking 1,000 open QR codes of all ages, share of a core',
    zh: '轮询 1000 个各种年龄的未付二维码，占一个核的比例',
    unit: '%',
    digits: 1,
    aim: atMost(15),
  },
  listTurn: {
    en: 'The console’s list of 100,000 payments, from the click to the next 50 rows on the screen',
    zh: '管理后台 10 万笔支付的列表：从点击到下一页 50 行显示出来',
    unit: 'ms',
    digits: 0,
  },
  listFind: {
    en: 'The same, from a number typed to its payment',
    zh: '同上：从输入单号到显示该笔支付',
    unit: 'ms',
    digits: 0,
  },
  listStill: {
    en: 'The longest that the page stands still while ten pages are turned',
    zh: '连续翻十页时页面停顿的最长时间',
    unit: 'ms',
    digits: 0,
    aim: atMost(100),
  },
  simulated: {
    en: 'Simulated payments per CPU second',
    zh: '每 CPU 秒的模拟支付笔数',
    unit: '/s',
    digits: 0,
    aim: atLeast(1000),
  },
} as const satisfies Record<string, Figure>;

export type FigureId = keyof typeof FIGURES;

/** What one figure was in each round. */
export type Samples = Partial<Record<FigureId, readonly number[]>>;

export function isReached(figure: Figure, median: number): boolean | undefined {
  if (figure.aim === undefined) return undefined;
  return figure.aim.better === 'less' ? median <= figure.aim.limit : median >= figure.aim.limit;
}
