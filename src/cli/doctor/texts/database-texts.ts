/**
 * What the doctor says about the database: the embedded SQLite file, or the PostgreSQL server. The checks are in
 * `../database.ts` and `../postgres.ts`.
 */
import type { FindingText } from '../finding-text.ts';

export const DATABASE_TEXTS = {
  database_not_made: {
    severity: 'note',
    problem: {
      en: 'There is no database {path} yet; the first start makes it.',
      zh: '数据库 {path} 尚不存在；首次启动时会创建。',
    },
    fix: {
      en: 'Where a gateway has run before, set F2F_DATA_DIR to its folder.',
      zh: '若此前已运行过网关，请把 F2F_DATA_DIR 设为其目录。',
    },
  },
  database_empty: {
    severity: 'warning',
    problem: {
      en: 'The database file {path} is empty: no payment is in it.',
      zh: '数据库文件 {path} 是空文件：其中没有任何付款。',
    },
    fix: {
      en: 'If payments have been made here, do not start: put the last backup back. Otherwise the next start fills it.',
      zh: '若曾在此收款，请勿启动，先恢复最近的备份；否则下次启动会写入。',
    },
  },
  database_not_opened: {
    severity: 'failure',
    problem: {
      en: 'The database {place} cannot be read: {why}.',
      zh: '无法读取数据库 {place}：{why}。',
    },
    fix: {
      en: 'Let the user of the gateway read and write it; for PostgreSQL, see that the server runs and that F2F_DATABASE_URL is right.',
      zh: '请确保运行网关的用户可读写；使用 PostgreSQL 时请确认服务器在运行且 F2F_DATABASE_URL 正确。',
    },
  },
  database_not_a_database: {
    severity: 'failure',
    problem: {
      en: 'The file {path} is not an SQLite database.',
      zh: '文件 {path} 不是 SQLite 数据库。',
    },
    fix: {
      en: 'Stop the gateway, move the file away (do not delete it), and put the last backup back.',
      zh: '请停止网关，移开该文件（不要删除），并恢复最近的备份。',
    },
  },
  database_damaged: {
    severity: 'failure',
    problem: {
      en: 'The database {path} is damaged: {fault}.',
      zh: '数据库 {path} 已损坏：{fault}。',
    },
    fix: {
      en: "Stop the gateway, copy the file and its -wal away, put the last backup back, and compare with Alipay's bill what came after it.",
      zh: '请停止网关，把该文件及其 -wal 复制保存，恢复最近的备份，并用支付宝账单核对备份之后的交易。',
    },
  },
  database_older: {
    severity: 'warning',
    problem: {
      en: 'The database lacks {names}: an older version of the program wrote it last.',
      zh: '数据库缺少 {names}：它由较旧版本的程序写入。',
    },
    fix: {
      en: 'Back it up, then run npm run f2f -- migrate; the next start does it, too.',
      zh: '请先备份，再运行 npm run f2f -- migrate；下次启动时也会自动进行。',
    },
  },
  database_newer: {
    severity: 'failure',
    problem: {
      en: 'The database has {names}, which this version does not know: a newer one has been at work.',
      zh: '数据库含有本版本不认识的 {names}：曾由更新的版本使用。',
    },
    fix: {
      en: 'Run the newer version, or put the backup from before the upgrade back.',
      zh: '请运行更新的版本，或恢复升级之前的备份。',
    },
  },
  database_newer_allowed: {
    severity: 'note',
    problem: {
      en: 'The database has {names} of a newer version, on which this one may still run.',
      zh: '数据库含有更新版本的 {names}，本版本仍可在其上运行。',
    },
    fix: {
      en: 'Finish the upgrade of all gateways on this database.',
      zh: '请完成该数据库上所有网关的升级。',
    },
  },
  postgres_too_old: {
    severity: 'failure',
    problem: {
      en: 'PostgreSQL {version} is older than 14.',
      zh: 'PostgreSQL {version} 早于 14。',
    },
    fix: { en: 'Upgrade the server to 14 or later.', zh: '请把服务器升级到 14 或更新的版本。' },
  },
  postgres_forgets: {
    severity: 'failure',
    problem: {
      en: 'PostgreSQL runs with {setting} = off: after a power cut, payments that were answered may be gone or the database broken.',
      zh: 'PostgreSQL 的 {setting} 为 off：断电后，已应答的付款可能丢失，甚至数据库损坏。',
    },
    fix: {
      en: 'Set {setting} = on in postgresql.conf and reload the server.',
      zh: '请在 postgresql.conf 中设 {setting} = on 并重新加载。',
    },
  },
  postgres_commits_early: {
    severity: 'note',
    problem: {
      en: 'PostgreSQL answers commits before they are on disk (synchronous_commit = off); the gateway asks for local in its own sessions.',
      zh: 'PostgreSQL 在写盘之前就应答提交（synchronous_commit = off）；网关在自己的会话中要求 local。',
    },
    fix: {
      en: 'Nothing is to be done for the gateway; other programs on this server may lose what they wrote.',
      zh: '网关无需处理；该服务器上的其他程序可能丢失已写入的数据。',
    },
  },
  postgres_read_only: {
    severity: 'failure',
    problem: {
      en: 'PostgreSQL takes no writes here: the server is a standby, or its transactions are read-only.',
      zh: '此处的 PostgreSQL 不接受写入：服务器是备库，或事务为只读。',
    },
    fix: {
      en: 'Let F2F_DATABASE_URL name the primary.',
      zh: '请让 F2F_DATABASE_URL 指向主库。',
    },
  },
  postgres_encoding: {
    severity: 'failure',
    problem: {
      en: 'The database is encoded in {encoding}, not in UTF8: Chinese subjects cannot be stored.',
      zh: '数据库的编码是 {encoding} 而不是 UTF8：无法存储中文标题。',
    },
    fix: {
      en: "Create it anew with encoding 'UTF8'.",
      zh: "请以 encoding 'UTF8' 重新创建数据库。",
    },
  },
  postgres_connections_few: {
    severity: 'warning',
    problem: {
      en: 'One gateway may take {needed} connections (F2F_DATABASE_POOL and one), and PostgreSQL allows {allowed} to all (max_connections).',
      zh: '一个网关可占用 {needed} 个连接（F2F_DATABASE_POOL 加一），而 PostgreSQL 总共只允许 {allowed} 个（max_connections）。',
    },
    fix: {
      en: 'Raise max_connections above what all gateways together need, or lower F2F_DATABASE_POOL.',
      zh: '请把 max_connections 提高到所有网关合计所需之上，或降低 F2F_DATABASE_POOL。',
    },
  },
  postgres_clock_apart: {
    severity: 'warning',
    problem: {
      en: "PostgreSQL's clock is {seconds} s from this host's; the gateways go by PostgreSQL's.",
      zh: 'PostgreSQL 的时钟与本机相差 {seconds} 秒；网关以 PostgreSQL 的时钟为准。',
    },
    fix: {
      en: 'Let NTP set the clocks of both hosts.',
      zh: '请用 NTP 校准两台主机的时钟。',
    },
  },
} as const satisfies Readonly<Record<string, FindingText>>;
