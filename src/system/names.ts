/**
 * Looks up names that strangers gave us. Name servers are asked directly: the way of the operating system (`getaddrinfo`) holds one
 * of a few threads while a server keeps silent, and Alipay's name would wait behind those of dead webhooks for minutes. The
 * host's own file of names is not read: what it has is not on the internet.
 */
import { Resolver } from 'node:dns/promises';
import type { LookupFunction } from 'node:net';
import { callbackify } from 'node:util';

export type Address = { readonly address: string; readonly family: 4 | 6 };
/** All addresses of a name. Rejects with the name server's answer, or with its silence. */
export type AskName = (name: string) => Promise<readonly Address[]>;

/** A server that says nothing is asked twice: together for less time than a call may take. */
const PATIENCE = { timeout: 2000, tries: 2 } as const;
/** Codes with which a name server says that there is nothing. */
const NOTHING = new Set(['ENOTFOUND', 'ENODATA']);

/** `servers`: those of this host unless they are given. */
export async function askNameServers(
  name: string,
  servers?: readonly string[],
): Promise<readonly Address[]> {
  // A new one each time: it reads which servers there are.
  const resolver = new Resolver(PATIENCE);
  if (servers !== undefined) resolver.setServers(servers);
  const [four, six] = await Promise.allSettled([resolver.resolve4(name), resolver.resolve6(name)]);
  const found = [
    ...addressesOf(four).map((address) => ({ address, family: 4 as const })),
    ...addressesOf(six).map((address) => ({ address, family: 6 as const })),
  ];
  if (found.length > 0) return found;
  throw noAddress(name, [four, six]);
}

function addressesOf(answer: PromiseSettledResult<readonly string[]>): readonly string[] {
  return answer.status === 'fulfilled' ? answer.value : [];
}

function noAddress(name: string, answers: readonly PromiseSettledResult<unknown>[]): Error {
  const reasons = answers.flatMap((answer) =>
    answer.status === 'rejected' ? [answer.reason] : [],
  );
  const codes = reasons.map((reason: unknown) =>
    reason instanceof Error && 'code' in reason ? String(reason.code) : String(reason),
  );
  const trouble = codes.find((code) => !NOTHING.has(code));
  return new Error(
    trouble === undefined
      ? `the name ${name} has no address (${codes[0] ?? 'no answer'})`
      : `the name ${name} could not be looked up (${trouble})`,
  );
}

/** Gives only addresses that may be connected to, each time anew: a name may mean another one at each look. */
export function guardedLookup(
  ask: AskName,
  mayConnect: (address: string) => boolean,
  refusal: (name: string) => Error,
): LookupFunction {
  const find = callbackify(async (name: string) => {
    const allowed = (await ask(name)).filter(({ address }) => mayConnect(address));
    if (allowed.length === 0) throw refusal(name);
    return allowed;
  });
  // Whoever connects to the first that answers asks for all of them.
  return (name, _options, callback) => find(name, callback);
}
