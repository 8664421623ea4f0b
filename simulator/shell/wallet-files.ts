/**
 * The wallet page as files: `/wallet/` and what it loads, as Vite built them (`npm run pages`), with the policy that they load from
 * here and from nowhere else. For anybody: what the page then asks is refused to strangers like any other call. Read when somebody
 * asks, so that a simulator without a person in front of it pays nothing.
 */
import { readFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';

const BUILT = new URL('../wallet/dist/', import.meta.url);
const NOT_BUILT =
  'The wallet page is not built: run "npm run pages" where the simulator is installed.\n钱包页面尚未构建：请在模拟器的安装目录运行“npm run pages”。\n';

const HEADERS = {
  'content-security-policy': [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    "media-src 'self' blob:",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; '),
  'permissions-policy': 'camera=(self)',
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
};

const CONTENT_TYPES: Record<string, string> = {
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  svg: 'image/svg+xml',
};

/** One name, so that no path leads out of the folder. */
const ASSET = /^\/wallet\/assets\/([\w-][\w.-]*\.(js|css|svg))$/;

type File = { content: Buffer; type: string; caching: string };

async function fileAt(path: string): Promise<File | undefined> {
  const read = (name: string): Promise<Buffer | undefined> =>
    readFile(new URL(name, BUILT)).catch(() => undefined);
  if (path === '/wallet/') {
    const content = await read('index.html');
    return content && { content, type: 'text/html; charset=utf-8', caching: 'no-store' };
  }
  const [, name = '', extension = ''] = ASSET.exec(path) ?? [];
  const content = name === '' ? undefined : await read(`assets/${name}`);
  const type = CONTENT_TYPES[extension];
  // The name changes with what is in it.
  const caching = 'public, max-age=31536000, immutable';
  return content && type !== undefined ? { content, type, caching } : undefined;
}

export const isWalletPath = (path: string): boolean =>
  path === '/wallet' || path.startsWith('/wallet/');

function sendText(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { ...HEADERS, 'content-type': 'text/plain; charset=utf-8' });
  response.end(text);
}

/** Answers a request for the page or a part of it. */
export async function serveWallet(
  request: IncomingMessage,
  response: ServerResponse,
  path: string,
): Promise<void> {
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    response.setHeader('allow', 'GET, HEAD');
    return sendText(response, 405, 'this path takes GET\n');
  }
  if (path === '/wallet') {
    // Relative, for a proxy that has the simulator elsewhere; browsers carry what follows "#" along.
    response.writeHead(302, { location: 'wallet/' });
    response.end();
    return;
  }
  const file = await fileAt(path);
  if (file === undefined) {
    return path === '/wallet/'
      ? sendText(response, 503, NOT_BUILT)
      : sendText(response, 404, 'there is nothing at this path\n');
  }
  response.writeHead(200, {
    ...HEADERS,
    'content-type': file.type,
    'cache-control': file.caching,
    'content-length': file.content.length,
  });
  response.end(request.method === 'HEAD' ? undefined : file.content);
}
