/** Where the page is of what an entry is about; undefined where there is none. */
const PATHS: readonly (readonly [id: RegExp, pathOf: (id: string) => string])[] = [
  [/^pay_/, (id) => `/console/payments/${id}`],
  // A refund is looked at on its payment.
  [/^re_/, (id) => `/console/payments?${new URLSearchParams({ number: id }).toString()}`],
  [/^mch_/, (id) => `/console/merchants/${id}`],
  [/^user_/, (id) => `/console/users/${id}`],
  [/^whe_/, (id) => `/console/webhooks/${id}`],
  [/^key_/, () => '/console/api-keys'],
  [/^inc_/, () => '/console/incidents'],
];

export function targetPath(id: string): string | undefined {
  return PATHS.find(([pattern]) => pattern.test(id))?.[1](id);
}
