/**
 * The kinds of values that a setting may have: how each is read from a text, and the words that say what is allowed. Which
 * setting has which kind stands in `config.ts`.
 */

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
