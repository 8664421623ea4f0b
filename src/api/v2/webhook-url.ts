/**
 * Which URL a webhook may have. What it leads to is asked again at each call, of the address itself (`system/http.ts`): here
 * a mistake is told to whoever makes it.
 */
import type { Deps } from '../../flows/deps.ts';
import { invalidField } from './problems.ts';

type Webhooks = Pick<Deps['webhooks'], 'allow' | 'isPublic'>;

/** Names of this host (RFC 6761), which no name server tells. */
const OWN_NAME = /(?:^|\.)localhost\.?$/;

/** The URL as it was given. Throws the problem of one that may not be called. */
export function requireUrl({ webhooks }: { readonly webhooks: Webhooks }, text: string): string {
  const url = URL.parse(text);
  if (url === null) throw wrong('must be a URL', '须为 URL');
  if (url.username !== '' || url.password !== '') {
    throw wrong('must not hold a user or a password', '不能含有用户名或密码');
  }
  if (!mayCall(webhooks, text)) {
    throw webhooks.allow === 'any'
      ? wrong('must begin with https:// or http://', '须以 https:// 或 http:// 开头')
      : wrong('must begin with https://', '须以 https:// 开头');
  }
  if (webhooks.allow === 'public' && !isOnInternet(webhooks, url)) {
    throw wrong(
      'must be on the internet, not on this host or a private network',
      '须在互联网上，不能是本机或内网地址',
    );
  }
  return text;
}

/** Whether what is stored may be called: it may have been made while more was allowed. */
export function mayCall({ allow }: Pick<Webhooks, 'allow'>, text: string): boolean {
  const protocol = URL.parse(text)?.protocol;
  return protocol === 'https:' || (protocol === 'http:' && allow === 'any');
}

/** A name is looked up when it is called. */
function isOnInternet({ isPublic }: Pick<Webhooks, 'isPublic'>, { hostname }: URL): boolean {
  const address = hostname.replaceAll(/^\[|\]$/g, '');
  const isAddress = /^[\d.]+$|:/.test(address);
  return isAddress ? isPublic(address) : !OWN_NAME.test(hostname);
}

function wrong(en: string, zh: string) {
  return invalidField('url', en, zh);
}
