/**
 * What the doctor is handed: ways to look at files, the database and the network that change nothing. `program.ts` builds the
 * real ones; tests point them at servers on the loopback interface and at folders of their own.
 */
import type { Config, ExaminedConfig } from '../../config.ts';
import type { proveApp } from '../../flows/prove-app.ts';
import type { Db } from '../../store/database.ts';
import type { Clock } from '../../system/clock.ts';
import type { Places } from '../../system/places.ts';
import type { Probe } from '../../system/probe.ts';
import type { Vault } from '../../system/vault.ts';

/** Undefined where only the running gateway can know it (port 0), or where there is none. */
export type Urls = {
  /** Origin of the gateway, as this host reaches it. */
  readonly gateway: string | undefined;
  /** Alipay's gateway.do, or the simulator's. */
  readonly alipay: string | undefined;
  /** What Alipay is told for notifications. */
  readonly notify: string | undefined;
};

/** What `proveApp` needs beside the database. */
export type Prover = Omit<Parameters<typeof proveApp>[0], 'db'> & { close(): Promise<void> };

export type DoctorPorts = {
  readonly clock: Clock;
  readonly places: Places;
  readonly probe: Probe;
  /** This program's. */
  readonly version: string;
  settings(): ExaminedConfig;
  urlsOf(config: Config): Urls;
  /** The SQLite file, whether or not it is there. */
  databaseFile(config: Config): string;
  /** Opens the settings' database for reading, without making or migrating it. */
  openToRead(config: Config): Db;
  createVault(masterKey: Uint8Array): Vault;
  openProver(config: Config, alipayUrl: string, vault: Vault): Prover;
};
