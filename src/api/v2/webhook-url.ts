/**
 * Which URL a webhook may have. What it leads to is asked again at each call, of the address itself (`system/http.ts`): here
 * a mistake is told to whoever makes it.
 */
import type { Deps } from '../../flows/deps.ts';
import { invalidField } from './problems.ts';

/** The URL as it was given. Throws the problem of one that may not be called. */
export function requireUrl({ webhooks }: Pick<Deps, 'webhooks'>, text: string): string {
  const url = URL.parse(text);
  if (url === null) throw wrong('must be a URL', '须为 URL');
  if (url.username !== '' || url.password !== '') {
    throw wrong('must not hold a user or a password', '不能含有用户名或密码');
  }
  if (webhooks.allow === 'any') {
    if (/^https?:$/.test(url.protocol)) return text;
    throw wrong('must begin with https:// or http://', '须以 https:// 或 http:// 开头');
  }
  if (url.protocol !== 'https:') throw wrong('must begin with https://', '须以 https:// 开头');
  // A name is looked up when it is called.
  const address = url.hostname.replaceAll(/^\[|\]$/g, '');
  const isAddress = /^[\d.]+$|:/.test(address);
  if (url.hostname === 'localhost' || (isAddress && !webhooks.isPublic(address))) {
    throw wrong(
      'must be on the internet, not on this host or a private network',
      '须在互联网上，不能是本机或内网地址',
    );
  }
  return text;
}

function wrong(en: string, zh: string) {
  return invalidField('url', en, zh);
}
