/**
 * How passwords are kept: argon2id, off the event loop, with the numbers that OWASP names, stored with each hash (a PHC string)
 * so that they can grow. Each hash takes memory for as long as it is made: few are at once, the others wait their turn.
 */
import { argon2, randomBytes, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';

export type Passwords = {
  /** A PHC string with a salt of its own. */
  hash(password: string): Promise<string>;
  /** Compares with a stored hash; with null it takes as long, and is never right. */
  verify(password: string, stored: string | null): Promise<PasswordVerdict>;
};

export type PasswordVerdict = {
  readonly isRight: boolean;
  /** It was hashed with other numbers than today's: hash it anew while it is known. */
  readonly isOutdated: boolean;
};

export type HashCost = {
  /** KiB. */
  readonly memory: number;
  readonly passes: number;
  readonly parallelism: number;
};

/** https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html#argon2id */
const COST: HashCost = { memory: 19_456, passes: 2, parallelism: 1 };
const SALT_BYTES = 16;
const HASH_BYTES = 32;
const AT_ONCE_MAX = 2;

const PHC =
  /^\$argon2id\$v=19\$m=(?<memory>\d+),t=(?<passes>\d+),p=(?<parallelism>\d+)\$(?<salt>[A-Za-z0-9+/]+)\$(?<hash>[A-Za-z0-9+/]+)$/;

type Derive = (password: string, salt: Buffer, cost: HashCost, bytes: number) => Promise<Buffer>;

const run = promisify(argon2);

const deriveReal: Derive = (password, salt, cost, bytes) =>
  // Two keyboards write the same character in two ways.
  run('argon2id', {
    message: password.normalize('NFKC'),
    nonce: salt,
    tagLength: bytes,
    ...cost,
  });

export function createPasswords(cost: HashCost = COST, derive: Derive = deriveReal): Passwords {
  const inTurn = createTurnstile(AT_ONCE_MAX);
  const make = (password: string, salt: Buffer, with_: HashCost, bytes: number) =>
    inTurn(() => derive(password, salt, with_, bytes));
  return {
    hash: async (password) => {
      const salt = randomBytes(SALT_BYTES);
      return phcOf(cost, salt, await make(password, salt, cost, HASH_BYTES));
    },
    verify: async (password, stored) => {
      if (stored === null) {
        await make(password, Buffer.alloc(SALT_BYTES), cost, HASH_BYTES);
        return { isRight: false, isOutdated: false };
      }
      const { cost: then, salt, hash } = readPhc(stored);
      const made = await make(password, salt, then, hash.length);
      const isOutdated =
        then.memory !== cost.memory ||
        then.passes !== cost.passes ||
        then.parallelism !== cost.parallelism;
      return { isRight: timingSafeEqual(made, hash), isOutdated };
    },
  };
}

function phcOf({ memory, passes, parallelism }: HashCost, salt: Buffer, hash: Buffer): string {
  const plain = (bytes: Buffer): string => bytes.toString('base64').replaceAll('=', '');
  return `$argon2id$v=19$m=${memory},t=${passes},p=${parallelism}$${plain(salt)}$${plain(hash)}`;
}

function readPhc(stored: string): { cost: HashCost; salt: Buffer; hash: Buffer } {
  const groups = PHC.exec(stored)?.groups;
  if (groups === undefined) throw new Error('A stored password is not in the known format');
  const number = (name: string): number => Number(groups[name]);
  return {
    cost: {
      memory: number('memory'),
      passes: number('passes'),
      parallelism: number('parallelism'),
    },
    salt: Buffer.from(groups['salt'] ?? '', 'base64'),
    hash: Buffer.from(groups['hash'] ?? '', 'base64'),
  };
}

/** Lets so many works run at once, the others in the order in which they came. */
function createTurnstile(atOnceMax: number): <T>(work: () => Promise<T>) => Promise<T> {
  let running = 0;
  const waiting: (() => void)[] = [];
  return async (work) => {
    if (running >= atOnceMax) await new Promise<void>((resolve) => waiting.push(resolve));
    else running += 1;
    try {
      return await work();
    } finally {
      // Whoever is next takes over the place.
      const next = waiting.shift();
      if (next === undefined) running -= 1;
      else next();
    }
  };
}
