/**
 * What flows may be handed. Each flow names the few it needs (`Pick<Deps, …>`), so that its signature shows its reach.
 * `gateway.ts` builds the real ones; tests and the simulation build others.
 */
import type { AlipayClient } from '../alipay/client.ts';
import type { Db } from '../store/database.ts';
import type { MakeCertificateRequest } from '../system/certificate-request.ts';
import type { Clock } from '../system/clock.ts';
import type { HttpSend } from '../system/http.ts';
import type { MakeKeyPair } from '../system/key-pairs.ts';
import type { Log } from '../system/log.ts';
import type { News } from '../system/news.ts';
import type { OneTimeCodes } from '../system/one-time-codes.ts';
import type { Passwords } from '../system/passwords.ts';
import type { Random } from '../system/random.ts';
import type { Vault } from '../system/vault.ts';
import type { Text } from './incident-texts.ts';
import type { KeyRing } from './key-ring.ts';
import type { ToldEvent } from './read-events.ts';
import type { NumberSource } from './take-number.ts';
import type { Turns } from './turns.ts';

export type Deps = {
  readonly db: Db;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly news: News;
  readonly vault: Vault;
  readonly keyRing: KeyRing;
  readonly passwords: Passwords;
  readonly oneTimeCodes: OneTimeCodes;
  readonly makeKeyPair: MakeKeyPair;
  readonly makeCertificateRequest: MakeCertificateRequest;
  readonly numbers: NumberSource;
  readonly turns: Turns;
  readonly alipay: AlipayClient;
  /** For the simulator's control API only; Alipay itself is reached through `alipay`. */
  readonly send: HttpSend;
  readonly webhooks: Webhooks;
  readonly settings: FlowSettings;
  readonly about: About;
};

/** What whoever asks is told of the gateway itself. */
export type About = {
  readonly version: string;
  readonly database: 'sqlite' | 'postgres';
  readonly alipay: 'simulator' | 'sandbox' | 'production';
  readonly publicUrl: string | null;
  readonly settings: readonly ShownSetting[];
};

export type ShownSetting = {
  readonly name: string;
  /** Null for a secret, and for what is not set. */
  readonly value: string | null;
  readonly isDefault: boolean;
  readonly isSecret: boolean;
  readonly text: Text;
};

/** How webhooks leave the gateway. */
export type Webhooks = {
  /** Sends to whatever may be called, and to nothing else. */
  readonly send: HttpSend;
  /** Whether private networks and plain http may be called. */
  readonly allow: 'public' | 'any';
  readonly isPublic: (address: string) => boolean;
  /** An event as the API writes it. */
  readonly render: (event: ToldEvent) => Promise<{ readonly id: string; readonly body: string }>;
};

/** The settings that flows read. Seconds and milliseconds as their names say. */
export type FlowSettings = {
  readonly enrolment: 'open' | 'allow-list';
  readonly tokenTtlS: number;
  readonly barcodeWaitS: number;
  readonly paymentDeadlineS: number;
  readonly qrExpiresS: number;
  readonly alipayTimeoutMs: number;
  readonly confirm: 'background' | 'strict';
  readonly latePayment: 'incident' | 'refund';
  /** How others reach the gateway, without a slash at the end. */
  readonly publicUrl: string | undefined;
  /** Where Alipay sends notifications; undefined sends none, and polling alone settles every payment. */
  readonly notifyUrl: string | undefined;
  /** The simulator whose control API hears of each app; undefined when Alipay is the real one. */
  readonly simulator: { readonly url: string; readonly token: string | undefined } | undefined;
};
