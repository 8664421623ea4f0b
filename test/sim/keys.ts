/**
 * Fixed key pairs, so that the same seed signs the same bytes in every process. They protect nothing: 1024 bits, and
 * known to all who read this.
 */
import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import type { KeyPair } from '../../src/system/key-pairs.ts';

const PRIVATE_KEYS = {
  app: 'MIICeAIBADANBgkqhkiG9w0BAQEFAASCAmIwggJeAgEAAoGBAO1C+99clMxeNgNCD/4bniQ7++vHPCjCBh3cMGTqkwbFtuxg+E1E4kat1Ane3Gt1kDkc2xRNMZdS5Jll1ssmldaLZBAdoKy0bvVdSKmXxwoSdn9StQBGojLgbsPFUTG24py0D7p3mn7cRo4X+XzzBDwlenSEfqBGNrojFx4wUg4DAgMBAAECgYEAlyOYd0zurNFG7wRiU6kcMFDVxfiA5iXS56qgWWjkh+fjAukyw2YiDowlCrShDQMzAG7VUDVsZc00OlOZZIgL4gmFf6P2Vp8RsVITYOfmZxivrMRBYxdR7Ts9AAo5o7vlX0eChDOf0TRzSX0bFHVaOzf4ODJFTkL37zaRjUqfcEECQQD9RbV13OVnDxlCfMNig63N0XQxrNGobJPrPraFBvWl69dUVRuqYzfZD688u7HfqT86Bc7uUUUpwHRv1pJIAS3JAkEA79Eh6a8ouCS4WBaFIVN0/4HpCQ4GF9zZq8Ln8tgqtyjjEnRTEffXs8oNSSX9zA9pz6TqyirmWwtXPzq79P4TawJBALOp8ZGMg4daJJcPniKSOobYYE6kw41wiHXGZP908mkjJfsC7L8v5vwpriutEf8RNnLYj/Rq3l9B0NdNJTPC8lECQBVsyqnU8z9YUHvWLzil+xrkoUwky5iQK4Yz2IMSmuZYKck5ST6etM+kKoGxejYj3mElq7A6GvBhV/8XITmnBVcCQQDKrVu7t2zxx+FqaTc6MfmNplqJp44oriPxtN0TLIsb5jsoKQaoKpzya7pjRmT8+4lFyESOeWiRL/d1w327OlkU',
  other_app:
    'MIICdQIBADANBgkqhkiG9w0BAQEFAASCAl8wggJbAgEAAoGBAKm8ii4+A+TC2TPY4JnjPzXv8lmMhJahMRO1Wwsrl7DuPs93pMhclBHnANCy8gH3WYIdNXoYjdiad/PiI7GbbG35skyuaM4GY7+xmdnr9uY3w/NYgcP6mJry2MELCLKIIne2ReJkbAUzHB7ACCrfkbWuDquohzrCRvgQ4KrhQIDRAgMBAAECgYBFekFtkEDzwLY7vMii9RwIrgEbmqMjLTPzh0aPGfbrm3nmXmj7AroxYcc5piXdnCvtUJt1MNvPD9uN3sERkDcfWm+iWHUHST6DwNOBn+qhw8tPTYMTl0jyirAyl7q6CgTbIjHPjf8TrYWWRtJaZ+BxpLKYbpXT++zVNv1TZoeY6QJBANIXqa2jpTLmlEAvC1lSmqwn1YDlWps+hoyCVvRnvYBKzVFmbSxiUnoYwFFO9h49ZYzzUC3/TU/e0zA6aRRjrpcCQQDO02j2M9dnHunoe4Wc2a57n+d6QgdwXxT06/Wz8RUMvS6wGcl3VwmdiVDqbsJVKT2WAY+5h/+ZmgE6BhpeuiDXAkA0CcpsiRE9N2HXOA/ekxhetgsrPyQfOfCH0y0Ior2Mjnqmw/Ecwkndlk3kleNegCSsMgRVMFyNAQtccctfUoWHAkBaeBlSkIypW9lfSyC/4mwzQVfkn5tXaQ/mrow0YMEfaGVSvITmwdi/4z/UvAwfakG5KweuVTHWA4qD0gWY5/vTAkB6srIbVddiMcU+Cq+oIHd1OF7h+aT3WCfY1XlnG4FuMVjx+KQdsDJS0UkGZwQqP2c5I6O02FEpgXB/xwfTEEiv',
  alipay:
    'MIICdgIBADANBgkqhkiG9w0BAQEFAASCAmAwggJcAgEAAoGBAMzk/3puwZHgeH6sAGVi86hE3UhNap8LFCDFcKTULL6tsykQm/2bEE2DssQrxYDJD6lntUY9FzqoJuo5a+/uHWbWiJMWW5hZJr7GwyX+S7n6yReahB4Jw7kXDZd1tXvGRkGMhvISuY8jLIX5ppo/VisFFrqpLPpaDxlWyIvYWEspAgMBAAECgYA0jTN9inS5XpJpIuKDHosSCH+c8MY8/pFuClXm4MiNK239RVZNCH149CNgrz1b17XdpEzZNAgGMmSwxIOLqU3+wd0bvEk6/5EK7MsuQmTkvji+X3Rt1OHylwiOa31B7bWa89vub7AuSpqDBlgydltKdmwpWw6cOjIg/ldrgVLwdQJBAOkWUYXCRUmnz6phTZOstcIfEGkVeH8ADuy3qyLoUvhC8Y5EDLVmsMad8jVD70pdRGPIhmvj40Cjut063rdNtN8CQQDhCTTEBAVkFRAxWisutEpmLdWKXOJZtkke2ZwH0GmIUAfjOt2C/kBar8i9MYn5xgFVIY2iw1oReqwYOlM+8jj3AkAG/RlSpmGHdNWgKSy3Sc1lVaMbU356aFkKNfOWp1qdgPxXJKkw4zRXsDKr8C6Dj0pWp5OINpwAuygGLBazbkwHAkEAzAyN9OL0hHB481cgasP95jLPOxvH/rLEEJ4e1hMLbherX0ZEDwA+GDzmV27w/jOlh6zaAekC5XCHVZylWSFHtwJAPRbLFrpkZCmF0EKqMXbukXRihf2H82SnPo5kk8P2qT9/MdCgG/hLEw/wi1VVcfMQ2ibETIqOnRob46IHcW0krw==',
  stranger:
    'MIICeQIBADANBgkqhkiG9w0BAQEFAASCAmMwggJfAgEAAoGBAJ1LM+0CdoOQImL5cfPink23sghnTz8C0NYajJYkUIxoXqNxo84IV3/8EQyxKfDwcMQ8eIrVfxxzdFcOOlClaiflOxcSREHlOzxP+ysSmkLdLDoF+5gFjwVsubNbeog6/MDzM3+bkNf627kr+9nJVYR4olHqXnI+4q4BqCSTJFzhAgMBAAECgYEAg5J4aPT6daqHWQsXSs5xZMkX3verziVo0u96Uc0mo4xaPZW9U4aeyqvrBxba4nP9n+iFXHyhywa4dmmsVfFIDa9yRgnclxOttMmjuk7ktSCARZqGIzzP9bEgA857uShBgjsvzu4Dw8x9rrADNKQ5BduPQ1ln9E9qO19bprE6ttECQQDLAzUjZBJmv00izMJIQ8UlQEkH6TrHUGiqwMf6AOo3y/2ZLy3iJLQ7agqyqaZNWKw5YOqa5mPSEa/qLckLfEATAkEAxlkuSyOmnF4LknVHZfDuetVxED93b7rWNdBAD6Sn8zBEDIHCdtFt2PP+BW0AvDybLoN6NfTOtn6Q/0FlDWAVuwJBAMTsKJha0uqtuBIAkphsfIiE0hKFbwm1esHfXFuqlYdoLWdw9038koNrelMR8wnl8LF7zDZTMxKrK3u5y+GDNdcCQQCWnHlOjQ+ihLb8yxkgC0bK9vAXilnC+XhW/H7oYfs16lyBsrZbSsPCjeNBc3evd8XOF//goLemU4z+hkWZVnCpAkEAkFZF100rxzb9Ez//PYpWXaDBILc4e0ViZej1MljMeLE3AXu1cZbtAjhzoQoDSvHllIJYvn4Mc/gGnfIqC0AxCA==',
} as const;

export type SimKey = keyof typeof PRIVATE_KEYS;

/** Read once a process. */
const privateKeys = new Map<SimKey, KeyObject>();
const keyPairs = new Map<SimKey, KeyPair>();

/** The pair as texts, the way the gateway keeps keys. */
export function keyPair(name: SimKey): KeyPair {
  const pair = keyPairs.get(name) ?? {
    privateKey: PRIVATE_KEYS[name],
    publicKey: publicKeyText(privateKey(name)),
  };
  keyPairs.set(name, pair);
  return pair;
}

export function privateKey(name: SimKey): KeyObject {
  const key =
    privateKeys.get(name) ??
    createPrivateKey({
      key: Buffer.from(PRIVATE_KEYS[name], 'base64'),
      format: 'der',
      type: 'pkcs8',
    });
  privateKeys.set(name, key);
  return key;
}

function publicKeyText(key: KeyObject): string {
  return createPublicKey(key).export({ type: 'spki', format: 'der' }).toString('base64');
}
