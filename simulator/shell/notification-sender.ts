/**
 * Posts notifications to merchants and tells what came back. A bounded number travel at a time, the
 * rest wait their turn. No redirects, 5 s at most, 64 KB of answer at most; only the exact body
 * `success` with status 200 counts (protocol 5.1). When to send what is decided in
 * `../notifications.ts`.
 */
import { Agent, request as httpRequest } from 'node:http';
import { Agent as SecureAgent, request as httpsRequest } from 'node:https';

import type { DueNotification } from '../notifications.ts';

export type Delivery = {
  isSuccess: boolean;
  /** HTTP status, or what went wrong instead of one. */
  status: number | string;
  /** The beginning of the answer. */
  answer: string;
};

export type NotificationSender = {
  post: (notification: DueNotification) => void;
  /** Drops what waits and cuts off what travels; nothing is reported any more. */
  close: () => void;
};

const TIMEOUT_MS = 5000;
const ANSWER_BYTES_MAX = 64 * 1024;
const IN_FLIGHT_MAX = 64;

export function createNotificationSender(
  onDelivered: (notification: DueNotification, delivery: Delivery) => void,
): NotificationSender {
  const waiting: DueNotification[] = [];
  const travelling = new Set<AbortController>();
  const agents = {
    'http:': new Agent({ keepAlive: true }),
    'https:': new SecureAgent({ keepAlive: true }),
  };
  let isClosed = false;

  const carry = async (): Promise<void> => {
    if (isClosed || travelling.size >= IN_FLIGHT_MAX) return;
    const notification = waiting.shift();
    if (notification === undefined) return;
    const abort = new AbortController();
    travelling.add(abort);
    const delivery = await deliver(notification, abort.signal, agents);
    travelling.delete(abort);
    if (isClosed) return;
    onDelivered(notification, delivery);
    void carry();
  };

  return {
    post: (notification) => {
      waiting.push(notification);
      void carry();
    },
    close: () => {
      isClosed = true;
      waiting.length = 0;
      for (const abort of travelling) abort.abort();
      for (const agent of Object.values(agents)) agent.destroy();
    },
  };
}

const failed = (why: string): Delivery => ({ isSuccess: false, status: why, answer: '' });

type Agents = { 'http:': Agent; 'https:': SecureAgent };

/** One attempt; it never rejects. */
function deliver(
  { url, body, contentType }: DueNotification,
  signal: AbortSignal,
  agents: Agents,
): Promise<Delivery> {
  const target = URL.parse(url);
  if (target === null || (target.protocol !== 'http:' && target.protocol !== 'https:')) {
    return Promise.resolve(failed('not a URL that can be posted to'));
  }
  const isPlain = target.protocol === 'http:';
  const headers = { 'content-type': contentType, 'content-length': body.length };
  const deadline = AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]);
  const options = { method: 'POST', headers, signal: deadline };
  return new Promise((resolve) => {
    const request = isPlain
      ? httpRequest(target, { ...options, agent: agents['http:'] })
      : httpsRequest(target, { ...options, agent: agents['https:'] });
    request.on('error', (error) => resolve(failed(error.message)));
    request.on('response', (response) => {
      const chunks: Buffer[] = [];
      let length = 0;
      response.on('data', (chunk: Buffer) => {
        chunks.push(chunk);
        length += chunk.length;
        if (length <= ANSWER_BYTES_MAX) return;
        resolve(failed('answer too long'));
        request.destroy();
      });
      response.on('error', (error) => resolve(failed(error.message)));
      response.on('end', () => {
        const answer = Buffer.concat(chunks).toString('latin1');
        const status = response.statusCode ?? 0;
        resolve({
          isSuccess: status === 200 && answer === 'success',
          status,
          answer: answer.slice(0, 200),
        });
      });
    });
    request.end(body);
  });
}
