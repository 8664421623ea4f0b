/**
 * The kinds of values that a setting may have: how each is read from a text, and the words that say what is allowed. Which
 * setting has which kind stands in `config.ts`.
 */
import { isIP } from 'node:net';

/** What a text may be: the words that say so, and the value it stands for (undefined: refused). */
export type Kind<T> = {
  readonly allowed: string;
  readonly parse: (text: string) => T | undefined;
};

export function pattern(allowedText: RegExp, allowed: string): Kind<string> {
  return { allowed, parse: (text) => (allowedText.test(text) ? text : undefined) };
}

export function oneOf<const T extends string>(...values: readonly T[]): Kind<T> {
  return {
    allowed: `one of ${values.join(', ')}`,
    parse: (text) => values.find((value) => value === text),
  };
}

export function wholeNumber(min: number, max: number): Kind<number> {
  return {
    allowed: `a whole number from ${min} to ${max}`,
    parse: (text) => {
      const value = /^(0|[1-9]\d{0,9})$/.test(text) ? Number(text) : -1;
      return value >= min && value <= max ? value : undefined;
    },
  };
}

export function wholeNumberOrOff(min: number, max: number): Kind<number | 'off'> {
  const number = wholeNumber(min, max);
  return {
    allowed: `${number.allowed}, or off`,
    parse: (text) => (text === 'off' ? 'off' : number.parse(text)),
  };
}

/** IP addresses, nets (CIDR) and `loopback`, with commas between them. */
export function addresses(): Kind<string> {
  return {
    allowed: 'IP addresses, nets such as 10.0.0.0/8, or loopback, with commas between them',
    parse: (text) => {
      const parts = text.split(',').map((part) => part.trim());
      return parts.every(isAddressOrNet) ? parts.join(',') : undefined;
    },
  };
}

function isAddressOrNet(text: string): boolean {
  if (text === 'loopback') return true;
  const [address = '', bits, ...rest] = text.split('/');
  const version = isIP(address);
  if (version === 0 || rest.length > 0) return false;
  if (bits === undefined) return true;
  // All of the internet is no proxy: whoever calls could then say who he is.
  return /^[1-9]\d{0,2}$/.test(bits) && Number(bits) <= (version === 4 ? 32 : 128);
}

/** Credentials, a query and a fragment have no meaning in any of our URLs. */
export function url(shape: 'origin' | 'path'): Kind<string> {
  const path = shape === 'origin' ? ' without a path' : '';
  return {
    allowed: `an https:// URL${path}, or an http:// URL${path} on the loopback interface, without user, query and fragment`,
    parse: (text) => {
      const parsed = URL.canParse(text) ? new URL(text) : undefined;
      if (parsed === undefined || /[\s?#@]/.test(text)) return undefined;
      if (parsed.protocol !== 'https:' && !(parsed.protocol === 'http:' && isLoopback(parsed))) {
        return undefined;
      }
      if (shape === 'origin') return parsed.pathname === '/' ? parsed.origin : undefined;
      return parsed.href.replace(/\/+$/, '');
    },
  };
}

function isLoopback({ hostname }: URL): boolean {
  return /^(localhost|.+\.localhost|127(\.\d+){3}|\[::1\])$/.test(hostname);
}
