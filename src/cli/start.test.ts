/**
 * What a start promises to programs and shows to people, and how a stop ends: once, with 0, within ten seconds. The
 * process is an emitter that notes its exits.
 */
import { EventEmitter } from 'node:events';
import { describe, expect, test } from 'vitest';
import examples from '../../test/api/v1-examples.json' with { type: 'json' };
import { firstPayment, listeningLine, stopOnSignal, welcome } from './start.ts';

const GATEWAY = 'http://127.0.0.1:8080';
const SIMULATOR = 'http://127.0.0.1:8090';

describe('the line for programs', () => {
  test.each([
    [GATEWAY, SIMULATOR],
    [GATEWAY, null],
    [null, SIMULATOR],
  ])('gateway %s, simulator %s', (gateway, simulator) => {
    const line = listeningLine({ gateway, simulator });
    expect(line).not.toContain('\n');
    expect(JSON.parse(line)).toStrictEqual({ event: 'listening', gateway, simulator });
  });
});

describe('the text for people', () => {
  test('with the simulator, says where both are and gives a first payment to paste', () => {
    const text = welcome({ gateway: GATEWAY, simulator: SIMULATOR });
    expect(text).toContain(`Gateway           ${GATEWAY} `);
    expect(text).toContain(`Alipay simulator  ${SIMULATOR} `);
    expect(text).toContain(`Cashier           ${GATEWAY}/cashier\n`);
    expect(text).toContain(`Guest’s wallet    ${SIMULATOR}/wallet\n`);
    for (const line of firstPayment(GATEWAY).split('\n')) expect(text).toContain(`    ${line}\n`);
  });

  test('while there is nobody, says where the first administrator comes in', () => {
    const link = `${GATEWAY}/console/link#0123456789abcdef`;
    expect(welcome({ gateway: GATEWAY, simulator: null }, link)).toContain(
      `Administrator     ${link}\n`,
    );
    expect(welcome({ gateway: GATEWAY, simulator: null })).not.toContain('Administrator');
  });

  test('without it, nothing is to be paid for a try', () => {
    const text = welcome({ gateway: GATEWAY, simulator: null });
    expect(text).toContain(GATEWAY);
    expect(text).not.toContain('simulator');
    expect(text).not.toContain('curl');
  });
});

describe('the first payment', () => {
  test('asks paths that the published document has, with data that is JSON', () => {
    const text = firstPayment(GATEWAY);
    const paths = [...text.matchAll(/(?<=\$G)\/[\w/]+/g)].map(([path]) => path);
    expect(paths).toStrictEqual([
      '/auth/secret',
      '/auth/token',
      '/f2f/company/add',
      '/f2f/hb_barcode',
    ]);
    const known = examples.calls.map(({ path }) => path);
    expect(paths.filter((path) => !known.includes(path))).toStrictEqual([]);
    const data = [...text.matchAll(/'data=(.*?)'/g)].map(([, json]) => JSON.parse(json!) as object);
    expect(data.map((fields) => Object.keys(fields))).toStrictEqual([
      ['storeDogNo', 'cpiPid', 'cpiAppid'],
      ['cpiNo', 'localNo', 'totalAmount', 'authCode', 'subject'],
    ]);
  });

  test('begins with the gateway that listens', () => {
    expect(firstPayment('http://host:1')).toMatch(/^G=http:\/\/host:1 D=[0-9A-F]{32}\n/);
  });
});

/** A process that is told to stop, a stop that the test ends, and a timer that the test lets ring. */
function stopping() {
  const exits: (number | undefined)[] = [];
  const errors: string[] = [];
  const process = Object.assign(new EventEmitter(), {
    exit: (code?: number): void => void exits.push(code),
    stderr: { write: (text: string) => errors.push(text) },
  });
  const timers: { ring: () => void; ms: number; holds: boolean }[] = [];
  const stopped = Promise.withResolvers<void>();
  let stops = 0;
  stopOnSignal(
    process as unknown as NodeJS.Process,
    () => {
      stops += 1;
      return stopped.promise;
    },
    (ring, ms) => {
      const timer = { ring, ms, holds: true };
      timers.push(timer);
      return { unref: () => (timer.holds = false) };
    },
  );
  const settle = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));
  return { process, exits, errors, timers, stopped, settle, stops: () => stops };
}

describe('a stop', () => {
  test('does not happen by itself', () => {
    const { exits, timers, stops } = stopping();
    expect([exits.length, timers.length, stops()]).toStrictEqual([0, 0, 0]);
  });

  test.each(['SIGTERM', 'SIGINT'])(
    'by %s ends with 0 once everything has stopped',
    async (signal) => {
      const { process, exits, stopped, settle, stops } = stopping();
      process.emit(signal);
      await settle();
      expect(stops()).toBe(1);
      expect(exits).toStrictEqual([]);
      stopped.resolve();
      await settle();
      expect(exits).toStrictEqual([0]);
    },
  );

  test('that hangs ends after ten seconds, by a timer that keeps nothing alive', () => {
    const { process, exits, timers } = stopping();
    process.emit('SIGTERM');
    expect(timers).toMatchObject([{ ms: 10_000, holds: false }]);
    expect(exits).toStrictEqual([]);
    timers[0]?.ring();
    expect(exits).toStrictEqual([0]);
  });

  test('asked for twice ends at once, and stops nothing twice', () => {
    const { process, exits, stops } = stopping();
    process.emit('SIGINT');
    // An exit does not return, which matters here.
    process.exit = (code) => {
      exits.push(code);
      throw new Error('exited');
    };
    expect(() => process.emit('SIGTERM')).toThrow('exited');
    expect(exits).toStrictEqual([0]);
    expect(stops()).toBe(1);
  });

  test('that fails says so and ends with 1', async () => {
    const { process, exits, errors, stopped, settle } = stopping();
    process.emit('SIGTERM');
    stopped.reject(new Error('disk is gone'));
    await settle();
    expect(exits).toStrictEqual([1]);
    expect(errors.join('')).toBe('The stop failed: Error: disk is gone\n');
  });
});
