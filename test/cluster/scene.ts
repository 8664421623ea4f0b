/**
 * Everything that runs: the database, Alipay's simulator with a book that it keeps, and the gateways, each a process with a
 * line of its own to the database. They keep their addresses when they are started again, as in the field.
 */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  findPort,
  startGateway,
  startSimulator,
  until,
  type Gateway,
  type Program,
} from '../support/gateway-process.ts';
import { urlOf, withClient } from '../support/postgres-setup.ts';
import { simulatorClient, type SimulatorClient } from '../support/simulator-client.ts';
import { addShop, enrol } from '../support/v1-client.ts';
import { startDatabase, type ClusterDatabase } from './database.ts';
import { startLine, type DatabaseLine } from './line.ts';

export type Node = {
  /** What reports call it, from 1. */
  readonly name: string;
  readonly gateway: Gateway;
  readonly line: DatabaseLine;
};

export type Scene = {
  readonly nodes: readonly Node[];
  readonly database: ClusterDatabase;
  readonly simulatorProgram: Program;
  readonly simulator: SimulatorClient;
  readonly token: string;
  readonly cpiNo: string;
  /** The gateways' database, without a line between. */
  url(): string;
  close(): Promise<void>;
};

/** Late money goes back by itself, so that a bill that was paid anew is not paid twice. */
const SETTINGS = {
  F2F_BARCODE_WAIT_S: '1',
  F2F_PAYMENT_DEADLINE_S: '5',
  F2F_QR_EXPIRES_S: '7200',
  F2F_ALIPAY_TIMEOUT_MS: '1000',
  F2F_LATE_PAYMENT: 'refund',
  F2F_LOG_LEVEL: 'warn',
};
const DATABASE = 'gateway';
const START_MS_MAX = 90_000;

export async function startScene({
  gateways,
  hasStandby,
}: {
  gateways: number;
  hasStandby: boolean;
}): Promise<Scene> {
  const folder = mkdtempSync(join(tmpdir(), 'f2f-cluster-'));
  const masterKeyFile = join(folder, 'master.key');
  writeFileSync(masterKeyFile, randomBytes(32), { mode: 0o600 });
  const [database, simulatorProgram] = await Promise.all([
    startDatabase(),
    findPort().then((port) => startSimulator({ port, keepsBook: true })),
  ]);
  await withClient(database.url(), (client) => client.query(`create database ${DATABASE}`));
  const nodes: Node[] = [];
  for (let number = 1; number <= gateways; number += 1) {
    const line = await startLine(() => database.port());
    const gateway = await startGateway({
      ...SETTINGS,
      F2F_PORT: String(await findPort()),
      F2F_SIMULATOR_URL: simulatorProgram.url,
      F2F_DATABASE_URL: `postgres://postgres@127.0.0.1:${line.port}/${DATABASE}`,
      F2F_MASTER_KEY_FILE: masterKeyFile,
    });
    nodes.push({ name: `gateway ${number}`, gateway, line });
  }
  if (hasStandby) await database.addStandby();
  const url = nodes[0]!.gateway.url();
  const { token } = await enrol(url);
  const { cpiNo } = await addShop(url, token);
  return {
    nodes,
    database,
    simulatorProgram,
    simulator: simulatorClient(simulatorProgram.url),
    token,
    cpiNo,
    url: () => urlOf(database.url(), DATABASE),
    close: async () => {
      await Promise.all(nodes.map(({ gateway }) => gateway.stop()));
      await Promise.all(nodes.map(({ line }) => line.close()));
      await Promise.all([database.close(), simulatorProgram.stop()]);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** As a supervisor does: again and again, while the database is away. */
export async function startAgain({ name, gateway }: Node): Promise<void> {
  await until(
    async () => {
      await gateway.restart();
      return true;
    },
    { what: `${name} to start`, withinMs: START_MS_MAX, everyMs: 300 },
  );
}
