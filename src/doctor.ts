/**
 * Builds what `f2f doctor` looks through: the real files, database, network and keys of this host, and nothing that writes.
 * The round itself is `cli/doctor/examine.ts`; tests hand it these same ports, with settings of their own.
 */
import { createAlipayClient } from './alipay/client.ts';
import { PROGRAM_VERSION } from './api/server.ts';
import type { DoctorPorts, Prover, Urls } from './cli/doctor/ports.ts';
import type { Config, ExaminedConfig } from './config.ts';
import { databasePath, openDatabaseToRead } from './database.ts';
import { createKeyRing } from './flows/key-ring.ts';
import { alipayUrlOf, notifyUrlOf } from './gateway.ts';
import { originOf } from './system/addresses.ts';
import { realClock } from './system/clock.ts';
import { createHttpSend } from './system/http.ts';
import { realPlaces } from './system/places.ts';
import { createProbe } from './system/probe.ts';
import { createVault, type Vault } from './system/vault.ts';

export function createDoctorPorts(settings: () => ExaminedConfig): DoctorPorts {
  return {
    clock: realClock,
    places: realPlaces,
    probe: createProbe(),
    version: PROGRAM_VERSION,
    settings,
    urlsOf,
    databaseFile: databasePath,
    openToRead: openDatabaseToRead,
    createVault,
    openProver,
  };
}

/** A port that the gateway takes when it starts is known to nobody else. */
function urlsOf(config: Config): Urls {
  const { host, port, simulatorPort } = config;
  const gateway = port === 0 ? undefined : originOf(host, port);
  const builtIn = simulatorPort === 0 ? undefined : originOf('127.0.0.1', simulatorPort);
  return {
    gateway,
    alipay: alipayUrlOf(config, config.simulatorUrl ?? builtIn),
    notify: notifyUrlOf(config, gateway),
  };
}

function openProver(config: Config, alipayUrl: string, vault: Vault): Prover {
  const { send, close } = createHttpSend();
  const simulator = { url: new URL(alipayUrl).origin, token: config.simulatorToken };
  return {
    keyRing: createKeyRing(vault),
    alipay: createAlipayClient({
      send,
      clock: realClock,
      gatewayUrl: alipayUrl,
      timeoutMs: config.alipayTimeoutMs,
    }),
    settings: { simulator: config.alipay === 'simulator' ? simulator : undefined },
    close,
  };
}
