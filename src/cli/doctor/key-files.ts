/**
 * Files with keys, before they are given to anyone: what each holds against what belongs there, whether two are a pair, and
 * when a certificate ends. Pure: the files are read by `flows/examine-key-file.ts`.
 */
import { shanghaiText } from '../../core/time.ts';
import type { ExaminedKeyFile } from '../../flows/examine-key-file.ts';
import { MODULUS_BITS } from '../../flows/make-app-key.ts';
import { finding, type Finding } from './finding.ts';

/** What the operator says a file is. */
export type KeyFileRole = 'private' | 'public' | 'alipay';

export type KeyFile = {
  readonly path: string;
  readonly holds: ExaminedKeyFile | { readonly kind: 'unread'; readonly why: string };
};

export type KeyFiles = Partial<Readonly<Record<KeyFileRole, KeyFile>>>;

type Certificate = Extract<ExaminedKeyFile, { kind: 'certificate' }>;

export const SOON_MS = 30 * 24 * 3_600_000;

export function keyFileFindings(
  files: KeyFiles,
  appOfPublicKey: ReadonlyMap<string, string>,
  nowMs: number,
): readonly Finding[] {
  const roles: readonly KeyFileRole[] = ['private', 'public', 'alipay'];
  const alone = roles.flatMap((role) => {
    const file = files[role];
    return file === undefined ? [] : fileFindings(role, file, nowMs);
  });
  return [...alone, ...pairFindings(files), ...alipayFindings(files, appOfPublicKey)];
}

function fileFindings(role: KeyFileRole, file: KeyFile, nowMs: number): readonly Finding[] {
  const { path, holds } = file;
  switch (holds.kind) {
    case 'unread':
      return [finding('key_file_unreadable', { file: path, why: holds.why })];
    case 'empty':
      return [finding('key_file_empty', { file: path })];
    case 'nothing':
      return [finding('key_file_no_key', { file: path })];
    case 'encrypted':
      return [finding('key_file_encrypted', { file: path })];
    case 'not_rsa':
      return [finding('key_file_not_rsa', { file: path })];
    case 'certificate':
      return role === 'private'
        ? [finding('key_file_private_expected', { file: path })]
        : certificateFindings(role, path, holds, nowMs);
    case 'private':
    case 'public': {
      const isPrivateWanted = role === 'private';
      if (isPrivateWanted !== (holds.kind === 'private')) {
        const code = isPrivateWanted ? 'key_file_private_expected' : 'key_file_public_expected';
        return [finding(code, { file: path })];
      }
      return [...strengthFindings(path, holds.bits), ...formatFindings(path, holds)];
    }
    default:
      return holds satisfies never;
  }
}

function strengthFindings(file: string, bits: number): readonly Finding[] {
  if (bits < MODULUS_BITS.RSA) return [finding('key_file_too_short', { file, bits })];
  return bits < MODULUS_BITS.RSA2 ? [finding('key_file_weak', { file, bits })] : [];
}

function formatFindings(
  file: string,
  { kind, format }: Extract<ExaminedKeyFile, { format: unknown }>,
): readonly Finding[] {
  if (kind === 'public') return format === 'PKCS#1' ? [finding('public_key_pkcs1', { file })] : [];
  return [finding(format === 'PKCS#1' ? 'private_key_pkcs1' : 'private_key_pkcs8', { file })];
}

function certificateFindings(
  role: 'public' | 'alipay',
  file: string,
  certificate: Certificate,
  nowMs: number,
): readonly Finding[] {
  const { subject, of, beginsAtMs, endsAtMs } = certificate;
  const about = { file, subject };
  const found: Finding[] = [];
  if (of === 'authority') found.push(finding('certificate_of_authority', about));
  else if (of === 'app' && role === 'alipay') {
    found.push(finding('certificate_of_app_for_alipay', about));
  } else if (of === 'alipay' && role === 'public') {
    found.push(finding('certificate_of_alipay_for_app', about));
  } else found.push(finding('certificate_for_key', about));
  if (endsAtMs <= nowMs) {
    found.push(finding('certificate_expired', { ...about, at: shanghaiText(endsAtMs) }));
  } else if (endsAtMs <= nowMs + SOON_MS) {
    found.push(finding('certificate_ends_soon', { ...about, at: shanghaiText(endsAtMs) }));
  }
  if (beginsAtMs > nowMs) {
    found.push(finding('certificate_not_begun', { ...about, at: shanghaiText(beginsAtMs) }));
  }
  return found;
}

function pairFindings(files: KeyFiles): readonly Finding[] {
  const { private: privateFile, public: publicFile } = files;
  if (privateFile === undefined || publicFile === undefined) return [];
  const [one, other] = [publicKeyOf(privateFile), publicKeyOf(publicFile)];
  if (one === undefined || other === undefined || one === other) return [];
  return [
    finding('key_files_differ', { privateFile: privateFile.path, publicFile: publicFile.path }),
  ];
}

function alipayFindings(
  files: KeyFiles,
  appOfPublicKey: ReadonlyMap<string, string>,
): readonly Finding[] {
  const { alipay } = files;
  const publicKey = alipay === undefined ? undefined : publicKeyOf(alipay);
  if (alipay === undefined || publicKey === undefined) return [];
  const own = [files.private, files.public].map((file) => file && publicKeyOf(file));
  if (own.includes(publicKey)) return [finding('key_file_own_for_alipay', { file: alipay.path })];
  const app = appOfPublicKey.get(publicKey);
  return app === undefined ? [] : [finding('key_file_app_for_alipay', { file: alipay.path, app })];
}

function publicKeyOf({ holds }: KeyFile): string | undefined {
  return 'publicKey' in holds ? holds.publicKey : undefined;
}
